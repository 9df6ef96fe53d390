// Parts of a page that come by themselves: a form of the workbench is sent when something in it changes and what the
// desk answers takes the place of what has the same name; the form of all facts comes when it is asked for. One question
// waits for the answer of the one before: each carries the version the last answer told, and a person never contradicts
// herself. What the page has already is named in the question and not sent again: an empty element with its digest
// stands for it. Without this file a button sends the form, and a link leads to the facts.
"use strict";
(() => {
  const SETTLE = 10;
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
  // what was changed since the desk last answered, by form and by name
  const unanswered = new Map();
  const called = (field) =>
    (field.closest(".wish, .passports")?.querySelector("legend") ?? field.labels?.[0])?.textContent.trim();
  const element = (name, textContent, more = {}) =>
    Object.assign(document.createElement(name), { textContent, ...more });
  const lost = () => {
    const notice = element("div", "", { className: "notice danger band lost", role: "alert" });
    const fields = [...unanswered.values()].flatMap((changed) => [...changed.values()].map((one) => one.name)).filter(Boolean);
    const list = element("ul", "", { className: "small" });
    list.append(...[...new Set(fields)].map((name) => element("li", name)));
    notice.append(element("p", byId("facts").dataset.lost), ...(fields.length ? [list] : []));
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
    inTurn(async () => {
      unsent.delete(id);
      const form = byId(id);
      const body = new FormData(form);
      const sent = new Map(unanswered.get(id));
      const answered = await ask(form.action, { method: "POST", body });
      // what was changed once more since then waits for an answer of its own
      const waiting = unanswered.get(id);
      if (answered) for (const [name, change] of sent) if (waiting.get(name) === change) waiting.delete(name);
      return answered;
    });
  };
  const again = () => {
    for (const [id, changed] of unanswered) if (changed.size) send(id);
  };
  window.addEventListener("online", again);
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-part]")) return;
    if (!unanswered.has(form.id)) unanswered.set(form.id, new Map());
    unanswered.get(form.id).set(event.target.name, { name: called(event.target) });
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
