// Live pages: a stream says that something changed, and this page then asks the desk what. Nothing moves unless asked:
// a bar offers to show the page anew, and rows of the inbox tell who looks at them. Without a stream the page asks
// every half minute; without this file it is a page like any other.
"use strict";
(() => {
  const bar = document.querySelector("[data-live]");
  if (!bar) return;
  const ASK_EVERY = 30_000;
  const text = bar.querySelector("p");
  const title = document.title;
  let marks = null;
  let asking = null;
  const show = (words) => {
    text.textContent = words;
    bar.hidden = false;
    document.title = `• ${title}`;
  };
  const markBusy = (busy) => {
    for (const link of document.querySelectorAll(".threads .who")) {
      const row = link.closest("li");
      const hand = row.querySelector(".hand");
      const who = busy[link.pathname.split("/").at(-2)];
      if (who) {
        row.classList.add("busy");
        hand.textContent = who;
      } else if (row.classList.contains("busy")) {
        row.classList.remove("busy");
        hand.textContent = "";
      }
    }
  };
  const ask = async () => {
    const answer = await fetch(bar.dataset.ask, { cache: "no-store", redirect: "manual" }).catch(() => null);
    return answer?.ok ? answer.json() : null;
  };
  // without a stream: compare what the desk says now with what it said before
  const compare = async () => {
    const said = await ask();
    if (!said) return;
    if (marks && said.marks.changed !== marks.changed) show(said.says);
    if (marks && said.marks.busy !== marks.busy) markBusy(said.busy);
    marks = said.marks;
  };
  const poll = () => {
    if (asking) return;
    compare();
    asking = setInterval(compare, ASK_EVERY);
  };
  const source = new EventSource(bar.dataset.live, { withCredentials: true });
  // also after a break: what changed meanwhile is told by comparing
  source.addEventListener("open", () => {
    clearInterval(asking);
    asking = null;
    compare();
  });
  source.addEventListener("changed", async () => {
    const said = await ask();
    if (said) show(said.says);
  });
  source.addEventListener("busy", async () => {
    const said = await ask();
    if (said) markBusy(said.busy);
  });
  source.addEventListener("ended", () => {
    source.close();
    clearInterval(asking);
    show(bar.dataset.ended);
    bar.querySelector("a").hidden = true;
  });
  source.addEventListener("error", poll);
})();
