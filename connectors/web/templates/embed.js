// Puts the assistant on a page: <script src="https://.../chat/embed.js" data-language="zh" async></script>
(() => {
  const words = {{ words | tojson }};
  const script = document.currentScript;
  const wish = script.dataset.language || document.documentElement.lang || navigator.language;
  const language = /^zh/i.test(wish) ? "zh" : "en";
  const address = new URL(`/chat?embedded=1&lang=${language}`, script.src);

  const host = document.createElement("div");
  host.lang = words[language].language;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words[language].embed_open;
  button.setAttribute("aria-expanded", "false");
  button.style.cssText =
    "position:fixed;inset:auto max(1rem,env(safe-area-inset-right)) max(1rem,env(safe-area-inset-bottom)) auto;z-index:2147483000;" +
    "min-height:48px;padding:0 1.25rem;font:600 16px/1.2 system-ui,sans-serif;color:#fff;background:#0b5178;" +
    "border:2px solid #fff;border-radius:24px;box-shadow:0 2px 12px #0005;cursor:pointer";
  const frame = document.createElement("iframe");
  frame.title = words[language].title;
  frame.hidden = true;
  frame.style.cssText =
    "position:fixed;inset:auto 0 0 auto;z-index:2147483000;width:min(100vw,26rem);height:min(100vh,42rem);height:min(100dvh,42rem);" +
    "border:0;border-radius:12px 12px 0 0;box-shadow:0 4px 32px #0006;color-scheme:light dark";

  const open = (yes) => {
    if (yes && !frame.src) frame.src = address;
    frame.hidden = !yes;
    button.hidden = yes;
    button.setAttribute("aria-expanded", String(yes));
    (yes ? frame : button).focus();
  };
  button.addEventListener("click", () => open(true));
  addEventListener("message", (event) => {
    if (event.source === frame.contentWindow && event.origin === address.origin && event.data === "chat:close") open(false);
  });
  host.attachShadow({ mode: "open" }).append(button, frame); // the page's styles stay out
  const place = () => document.body.append(host);
  document.body ? place() : addEventListener("DOMContentLoaded", place);
})();
