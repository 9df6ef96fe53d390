// Nothing typed is lost: an answer left unsent is kept as the thread's draft, sealed, before the desk locks by itself; a
// lost connection is said, and nothing is sent into it. Without this file what is typed is on the page, as anywhere.
"use strict";
(() => {
  const words = document.currentScript.dataset;
  const bar = document.createElement("div");
  bar.className = "notice danger idle-warning typed";
  bar.setAttribute("role", "alert");
  bar.hidden = true;
  document.querySelector("main").after(bar);
  const say = (text) => {
    bar.textContent = text;
    bar.hidden = !text;
  };
  const tell = () => say(navigator.onLine ? "" : words.offline);
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    tell();
    event.preventDefault();
  });
  let kept = null;
  const unsent = () => {
    const text = document.querySelector("#compose")?.elements.text;
    return text?.value.trim() && text.value !== text.defaultValue && text.value !== kept ? text : null;
  };
  const draft = () => {
    const form = document.querySelector("#compose");
    const body = new FormData(form);
    body.set("act", "draft");
    const headers = { "X-By-Page": "idle" };
    return fetch(form.action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  };
  // a page asks this by itself, which does not put the lock off
  document.addEventListener("idle-soon", async () => {
    const text = unsent();
    if (!text) return;
    kept = text.value;
    const answer = await draft();
    if (answer?.type === "opaqueredirect") say(words.kept);
    else kept = null;
  });
  // after a sleep there was no time to keep it: the locked desk hands it back sealed, to be unlocked into the draft
  let asking = false;
  document.addEventListener("idle-over", async (event) => {
    const text = unsent();
    if (!text) return;
    event.preventDefault();
    if (asking || !navigator.onLine) return;
    asking = true;
    const answer = await draft();
    asking = false;
    if (!answer) return;
    if (answer.type === "opaqueredirect") {
      event.detail.submit();
      return;
    }
    const act = document.createElement("input");
    Object.assign(act, { type: "hidden", name: "act", value: "draft" });
    text.form.append(act);
    HTMLFormElement.prototype.submit.call(text.form);
  });
})();
