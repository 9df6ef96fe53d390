// Shows a notice and opens the desk; its scope holds no page, it keeps nothing and asks the network for nothing.
"use strict";
self.addEventListener("push", (event) => {
  const said = event.data ? event.data.text() : "";
  event.waitUntil(self.registration.showNotification(said, { tag: "notice" }));
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow("/"));
});
