// Notices outside the page: asks the browser for an address at its push service, when somebody presses the button.
"use strict";
(() => {
  if (!navigator.serviceWorker || !window.PushManager || !window.Notification) return;
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const folder = (worker) => worker.slice(0, worker.lastIndexOf("/") + 1);
  const ready = (registration) =>
    new Promise((resolve, reject) => {
      const worker = registration.active || registration.waiting || registration.installing;
      const look = () => (worker.state === "activated" ? resolve() : worker.state === "redundant" && reject());
      worker.addEventListener("statechange", look);
      look();
    });
  const acts = {
    async on(form) {
      if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
      // a scope in which no page lies: the worker shows notices and sees no page of the desk
      const worker = form.dataset.worker;
      const registration = await navigator.serviceWorker.register(worker, { scope: folder(worker) });
      await ready(registration);
      const before = await registration.pushManager.getSubscription();
      if (before) await before.unsubscribe();
      const made = await registration.pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: bytes(form.dataset.key),
      });
      form.elements.subscription.value = JSON.stringify(made);
    },
    async off() {
      for (const registration of await navigator.serviceWorker.getRegistrations()) {
        const made = await registration.pushManager.getSubscription();
        if (made) await made.unsubscribe();
        await registration.unregister();
      }
    },
  };
  for (const form of document.querySelectorAll("form[data-push]")) {
    const failed = form.querySelector("[data-failed]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await acts[form.dataset.push](form);
      } catch {
        // what is to be erased here is erased even if the browser keeps its half
        if (failed) return void (failed.hidden = false);
      }
      form.submit();
    });
  }
})();
