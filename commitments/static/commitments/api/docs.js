"use strict";

// A file of its own, so that no script stands inside the page (Content-Security-Policy).
const place = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  presets: [SwaggerUIBundle.presets.apis],
  requestInterceptor(request) {
    // Whoever is logged in at the desk can try a write: with the token that only our pages can read.
    const token = /(?:^|; )(?:__Host-)?csrftoken=([^;]+)/.exec(document.cookie);
    const isOurs = new URL(request.url, location.href).origin === location.origin;
    if (token && isOurs && request.method !== "GET") request.headers["X-CSRFToken"] = token[1];
    return request;
  },
});
