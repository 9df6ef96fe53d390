// Parts of a page that come by themselves: a form of the workbench is sent when something in it changes and what the
// desk answers takes the place of what has the same name; the form of all facts comes when it is asked for. One question
// waits for the answer of the one before: each carries the version the last answer told, and a person never contradicts
// herself. What the page has already is named in the question and not sent again: an empty element with its digest
// stands for it. Without this file a button sends the form, and a link leads to the facts.
"use strict";
(() => {
  const SETTLE = 200;
  let timer = 0;
  let turn = Promise.resolve(true);
  const unsent = new Set();
  const byId = (id) => document.getElementById(id);
  const same = (node, name, value) =>
    [...node.querySelectorAll("[name]")].find((one) => one.name === name && one.value === value);
  const had = () => new Map([...document.querySelectorAll("[data-h]")].map((one) => [one.dataset.h, one]));
  const put = (html) => {
    const sheet = document.createElement("template");
    sheet.innerHTML = html;
    const here = had();
    for (const place of sheet.content.querySelectorAll("[data-s]"))
      place.replaceWith(here.get(place.dataset.s).cloneNode(true));
    const { name, value } = document.activeElement ?? {};
    for (const part of [...sheet.content.children]) {
      const old = byId(part.id);
      const held = old?.contains(document.activeElement);
      old?.replaceWith(part);
      if (held && name) same(part, name, value)?.focus();
    }
  };
  const lost = () => {
    const notice = document.createElement("div");
    notice.className = "notice danger band";
    notice.setAttribute("role", "alert");
    notice.append(Object.assign(document.createElement("p"), { textContent: byId("facts").dataset.lost }));
    byId("bench-notices").replaceChildren(notice);
  };
  const ask = async (address, sent) => {
    try {
      const headers = { "X-Part": "1", "X-Have": [...had().keys()].join(" ") };
      const answer = await fetch(address, { headers, cache: "no-store", ...sent });
      const elsewhere = answer.headers.get("X-Elsewhere");
      if (elsewhere) window.location.assign(elsewhere);
      else if (answer.ok) put(await answer.text());
      else lost();
      document.dispatchEvent(new Event("tropa:asked"));
      return answer.ok && !elsewhere;
    } catch {
      lost();
      return false;
    }
  };
  const inTurn = (question) => (turn = turn.then(question));
  const send = (id) => {
    if (unsent.has(id)) return;
    unsent.add(id);
    inTurn(() => {
      unsent.delete(id);
      const form = byId(id);
      return ask(form.action, { method: "POST", body: new FormData(form) });
    });
  };
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-part]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => send(form.id), SETTLE);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("#open-facts");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (await inTurn(() => ask(link.href, {}))) byId("facts").querySelector("select, input:not([type=hidden])").focus();
  });
})();
