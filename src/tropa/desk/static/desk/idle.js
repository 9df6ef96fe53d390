// Idle lock: warns before the desk locks by itself, lets the person stay, and locks this page in time.
// Without this file the server locks all the same; the top of each page says when.
"use strict";
(() => {
  const warning = document.querySelector("[data-idle]");
  const lock = document.querySelector("form[action='/lock/']");
  if (!warning || !lock) return;
  const minutes = warning.querySelector("[data-minutes]");
  const token = lock.elements.csrfmiddlewaretoken.value;
  const WARN = 120_000;
  const ONCE_IN = 60_000;
  let ends = Date.now() + Number(warning.dataset.idle) * 1000;
  let asked = Date.now();
  const stay = async () => {
    asked = Date.now();
    const answer = await fetch("/stay/", {
      method: "POST",
      headers: { "X-CSRFToken": token },
      redirect: "manual",
      cache: "no-store",
    }).catch(() => null);
    if (!answer) return;
    if (!answer.ok) {
      window.location.reload();
      return;
    }
    ends = Date.now() + Number(await answer.text()) * 1000;
    look();
  };
  const look = () => {
    const left = ends - Date.now();
    if (left <= 0) {
      // what is typed and unsent is kept first, by whoever knows of it
      if (document.dispatchEvent(new CustomEvent("idle-over", { cancelable: true, detail: lock }))) lock.submit();
      return;
    }
    if (left <= WARN && warning.hidden) document.dispatchEvent(new Event("idle-soon"));
    warning.hidden = left > WARN;
    minutes.textContent = String(Math.ceil(left / 60_000));
  };
  // whoever types is there
  document.addEventListener("input", () => {
    if (Date.now() - asked > ONCE_IN) stay();
  });
  document.addEventListener("tropa:asked", () => {
    if (Date.now() - asked > ONCE_IN) stay();
  });
  warning.querySelector("button").addEventListener("click", stay);
  setInterval(look, 5_000);
  document.addEventListener("visibilitychange", look);
  look();
})();
