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
  // a page asks this by itself, which does not put the lock off
  document.addEventListener("idle-soon", async () => {
    const form = document.querySelector("#compose");
    const text = form?.elements.text;
    if (!text?.value.trim() || text.value === text.defaultValue || text.value === kept) return;
    kept = text.value;
    const body = new FormData(form);
    body.set("act", "draft");
    const headers = { "X-By-Page": "idle" };
    const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") say(words.kept);
  });
})();
