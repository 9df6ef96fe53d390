// Find or do, over any page: lines appear while one types, arrows walk them, Escape closes. Without this file the
// page of the same address does it all. What is typed travels by POST and is kept nowhere.
"use strict";
const WAIT = 180;
let dialog = null;

const walk = (root, by) => {
  const links = [...root.querySelectorAll(".ways .who")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = here + by;
  if (next < 0) root.querySelector("#find").focus();
  else links[Math.min(next, links.length - 1)].focus();
};

export const live = (root) => {
  const form = root.querySelector("form.seek");
  const input = form.querySelector("#find");
  let waiting = null;
  let asked = 0;
  const ask = async () => {
    const number = ++asked;
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Part": "ways" },
      redirect: "error",
      cache: "no-store",
    }).catch(() => null);
    if (number !== asked) return;
    if (answer?.status !== 200) {
      form.submit();
      return;
    }
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const ways = drawn.querySelector(".ways");
    root.querySelector(".ways").replaceWith(ways);
    root.querySelector("[role=status]").textContent = ways.dataset.said;
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
  root.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    walk(root, event.key === "ArrowDown" ? 1 : -1);
  });
};

export const open = async (address) => {
  const here = document.querySelector("main .finding");
  if (here) {
    here.querySelector("#find").focus();
    return;
  }
  if (!dialog) {
    const answer = await fetch(address, { cache: "no-store", redirect: "error" });
    if (!answer.ok) throw new Error("the page answers for itself");
    const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
    const style = document.adoptNode(drawn.querySelector("link[href*='find.css']"));
    const styled = new Promise((done) => {
      style.addEventListener("load", done);
      style.addEventListener("error", done);
    });
    document.head.append(style);
    await styled;
    dialog = document.createElement("dialog");
    dialog.className = "palette";
    dialog.append(document.adoptNode(drawn.querySelector(".finding")));
    dialog.setAttribute("aria-labelledby", "find-h");
    document.body.append(dialog);
    live(dialog);
  }
  dialog.showModal();
  dialog.querySelector("#find").select();
};

const page = document.querySelector("main .finding");
if (page) live(page);
