// The conversation page. The server keeps the conversation; this shows it, and keeps what was not yet accepted.

const page = (id) => document.getElementById(id);
const words = JSON.parse(document.body.dataset.words);
const language = document.body.dataset.language;
const locale = document.documentElement.lang;
const api = new URL("../", import.meta.url);
const [scroller, log, past, text, status, newest] = ["scroller", "log", "past", "text", "status", "newest"].map(page);
const LONGEST = 2000;
const SILENCE = 40_000; // the server says something at least every 15 seconds

// A frame on another site may be denied storage: then the conversation lasts as long as the page.
const kept = {
  memory: new Map(),
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`chat.${name}`));
    } catch {
      return this.memory.get(name) ?? null;
    }
  },
  set(name, value) {
    this.memory.set(name, value);
    try {
      localStorage.setItem(`chat.${name}`, JSON.stringify(value));
    } catch { /* kept in memory */ }
  },
};

// ---- talking to the server

let cursor = "";
let listening = null; // the AbortController of the open stream
let heard = 0;
const sleepers = new Set();

function call(path, options = {}) {
  const headers = { "Accept-Language": language, ...options.headers };
  const token = kept.get("token");
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(new URL(path, api), { ...options, headers, cache: "no-store", credentials: "omit" });
}

async function session() {
  const answer = await call("session", { method: "POST" });
  if (!answer.ok) throw answer.status;
  kept.set("token", (await answer.json()).token);
}

function pause(attempt, seconds = 0) {
  const wait = Math.max(seconds * 1000, Math.min(30_000, 500 * 2 ** attempt) * (0.75 + Math.random() / 2));
  return new Promise((wake) => {
    sleepers.add(wake);
    setTimeout(wake, wait);
  });
}

function wakeAll() {
  sleepers.forEach((wake) => wake());
  sleepers.clear();
}

function connected(yes) {
  const was = status.dataset.state;
  if (yes === (was !== "offline")) return;
  status.dataset.state = yes ? "online" : "offline";
  status.textContent = yes ? words.online : words.offline;
  if (!yes) return showWorking(false);
  wakeAll();
  setTimeout(() => status.dataset.state === "online" && (status.textContent = ""), 3000);
}

async function listen() {
  if (listening) return;
  for (let attempt = 0; ; attempt++) {
    listening = new AbortController();
    heard = Date.now();
    try {
      const headers = cursor ? { "Last-Event-ID": cursor } : {};
      const answer = await call("stream", { headers, signal: listening.signal });
      if (answer.status === 204) return (listening = null); // nothing was ever said
      if (answer.status === 400) cursor = "";
      if (answer.status === 401) await session();
      if (!answer.ok) throw answer.status;
      connected(true);
      for await (const event of events(answer.body)) {
        attempt = 0;
        receive(event);
      }
    } catch { /* the connection ended: open it again */ }
    if (attempt) connected(false);
    await pause(attempt);
  }
}

async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let buffer = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    heard = Date.now();
    const parts = (buffer + value).split("\n\n");
    buffer = parts.pop();
    for (const part of parts) {
      const event = Object.fromEntries(part.split("\n").map((line) => line.split(/: (.*)/s)));
      if (event.data) yield { ...event, data: JSON.parse(event.data) };
    }
  }
}

function receive({ event, id, data }) {
  if (event === "working") return showWorking(data);
  cursor = id;
  const follows = atEnd();
  const message = show(data);
  if (data.role !== "user") log.querySelectorAll("[data-state=sent]").forEach((sent) => setState(sent, ""));
  if (follows) reveal(message);
  else if (data.role !== "user") countUnread(1);
}

// ---- sending: a message stays in the queue, under one id, until the server has accepted it

const queue = () => kept.get("queue") ?? [];
let sending = false;

function say(message) {
  const id = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );
  const entry = { id, at: new Date().toISOString(), ...message };
  kept.set("queue", [...queue(), entry]);
  reveal(showPending(entry));
  send();
}

const showPending = ({ id, at, text, button }) => show({ role: "user", id, at, text, chosen: button, state: "sending", buttons: [] });

async function send() {
  if (sending) return;
  sending = true;
  for (let attempt = 0; queue().length; ) {
    const [{ id, text, button }] = queue();
    setState(find(id), "sending");
    const answer = await post({ id, ...(button ? { button } : { text }) });
    if (answer?.status === 202) {
      attempt = 0;
      drop(id, "sent");
      listen();
    } else if (answer && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      await fail(id, answer);
    } else {
      if (answer?.status === 401) kept.set("token", null);
      setState(find(id), "waiting");
      if (!answer) connected(false);
      await pause(attempt++, Number(answer?.headers.get("Retry-After")));
    }
  }
  sending = false;
}

async function post(message) {
  try {
    if (!kept.get("token")) await session();
    const headers = { "Content-Type": "application/json" };
    return await call("messages", { method: "POST", headers, body: JSON.stringify(message) });
  } catch {
    return null;
  }
}

function drop(id, state) {
  kept.set("queue", queue().filter((entry) => entry.id !== id));
  setState(find(id), state);
}

async function fail(id, answer) {
  const { message } = await answer.json().catch(() => ({}));
  const element = find(id);
  drop(id, "failed");
  element?.append(make("p", "mistake", message ?? words.failed));
  document.querySelectorAll(`[data-by="${id}"]`).forEach((group) => choose(group, null));
}

// ---- showing

const dateFormat = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
const timeFormat = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const chosen = new Map(); // reference of a used button -> id of the message that used it
let unread = 0;

function make(tag, className, content = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = content;
  return element;
}

const find = (id) => document.querySelector(`[data-id="${CSS.escape(id)}"]`);

// What is confirmed stands in the server's order, before what still waits to be accepted.
function show(data, place = log) {
  page("welcome").hidden = true;
  const old = find(data.id);
  const message = draw(data);
  if (old && old.parentNode !== place) return old;
  const next = data.state ? null : [...place.children].find((other) => other !== old && other.dataset.pending);
  if (!old) place.insertBefore(message, next ?? null);
  else if (old.nextElementSibling === (next ?? null)) old.replaceWith(message);
  else old.remove(), place.insertBefore(message, next);
  return message;
}

function draw({ id, role, text, language: spoken, at, buttons, state, chosen: pressed }) {
  const message = make("article", role);
  message.dataset.id = id;
  if (state) message.dataset.pending = state;
  const about = make("p", "about", `${words[role]} · `);
  const time = make("time", "", when(new Date(at)));
  time.dateTime = at;
  about.append(time, make("span", "state"));
  const body = make("div", "text");
  if (spoken) body.lang = spoken;
  body.append(role === "user" ? text : rich(text));
  message.append(about, body);
  if (state) setState(message, state);
  if (pressed) use(pressed, id);
  if (buttons.length) message.append(options(buttons, spoken));
  return message;
}

const when = (at) => (at.toDateString() === new Date().toDateString() ? "" : `${dateFormat.format(at)} `) + timeFormat.format(at);

function setState(message, state) {
  if (!message) return;
  message.dataset.state = state;
  message.querySelector(".state").textContent = state && ` · ${words[state]}`;
}

// Text is text: paragraphs, simple lists, and links to http(s) addresses; never markup.
function rich(text) {
  const parts = document.createDocumentFragment();
  let open = null;
  for (const line of text.split(/\r?\n/)) {
    const [, bullet, number, item] = line.match(/^\s*(?:([-•·*])\s+|(\d{1,2})(?:[、）)]|\.\s)\s*)(.*)$/) ?? [];
    const tag = bullet ? "UL" : number ? "OL" : "P";
    if (!line.trim()) open = null;
    else if (open?.tagName === tag && tag === "P") linked(open, `\n${line}`);
    else {
      if (open?.tagName !== tag) parts.append((open = make(tag)));
      if (tag === "P") linked(open, line);
      else {
        const li = make("li");
        if (number) li.value = number;
        linked(li, item);
        open.append(li);
      }
    }
  }
  return parts;
}

function linked(element, line) {
  let end = 0;
  for (const { 0: found, index } of line.matchAll(/https?:\/\/[^\s<>"'`，。；：！？、（）《》「」【】]+/g)) {
    const address = found.replace(/[.,;:!?)\]}]+$/, "");
    const link = make("a", "", address);
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.append(make("span", "unseen", words.new_window));
    element.append(line.slice(end, index), link);
    end = index + address.length;
  }
  element.append(line.slice(end));
}

function options(buttons, spoken) {
  const group = make("div", "options");
  group.setAttribute("role", "group");
  const count = words.options.replace("{n}", buttons.length);
  group.setAttribute("aria-label", count);
  group.append(make("p", "unseen", count)); // a live region reads text, not that there are buttons
  for (const { title, reference } of buttons) {
    const button = make("button", "", title);
    button.type = "button";
    button.dataset.reference = reference;
    if (spoken) button.lang = spoken;
    group.append(button);
  }
  const used = buttons.find(({ reference }) => chosen.has(reference));
  if (used) choose(group, used.reference);
  return group;
}

function use(reference, id) {
  chosen.set(reference, id);
  const button = document.querySelector(`[data-reference="${CSS.escape(reference)}"]`);
  if (button) choose(button.parentNode, reference);
}

function choose(group, reference) {
  if (!reference) chosen.forEach((id, used) => id === group.dataset.by && chosen.delete(used));
  group.dataset.by = chosen.get(reference) ?? "";
  for (const button of group.querySelectorAll("button")) {
    button.querySelector(".unseen")?.remove();
    button.classList.toggle("chosen", button.dataset.reference === reference);
    if (reference) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
  group.querySelector(".chosen")?.append(make("span", "unseen", ` (${words.chosen})`));
}

function showWorking(yes) {
  const follows = atEnd();
  page("working").hidden = !yes;
  if (follows) toEnd();
}

// ---- scrolling and older messages

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  countUnread(-unread);
}

// An answer longer than the screen is shown from its beginning.
function reveal(message) {
  toEnd();
  if (message.offsetHeight > scroller.clientHeight) message.scrollIntoView({ block: "start" });
}

function countUnread(more) {
  unread += more;
  newest.hidden = atEnd();
  newest.textContent = unread ? words.new_messages.replace("{n}", unread) : words.newest;
}

let loading = false;
let earlier = null; // where the next older page ends; null: nothing is older

async function loadEarlier() {
  if (loading) return;
  loading = true;
  try {
    const answer = await call(`history${earlier ? `?before=${encodeURIComponent(earlier)}` : ""}`);
    if (!answer.ok) throw answer.status;
    const { messages, before, cursor: newest } = await answer.json();
    const height = scroller.scrollHeight;
    const top = scroller.scrollTop;
    if (!earlier) cursor = newest;
    const fresh = make("div");
    messages.filter(({ id }) => !find(id)).forEach((message) => show(message, fresh));
    past.prepend(...fresh.children);
    scroller.scrollTop = top + scroller.scrollHeight - height;
    earlier = before;
    page("earlier").hidden = !before;
    return true;
  } catch (status) {
    if (status === 401) kept.set("token", null);
    return status === 401;
  } finally {
    loading = false;
  }
}

// ---- what the person does

function submit(event) {
  event?.preventDefault();
  const said = text.value.trim();
  const length = [...said].length;
  page("mistake").textContent = length > LONGEST ? `${words["error.too_long"]} (${length} / ${LONGEST})` : "";
  text.setAttribute("aria-invalid", length > LONGEST);
  if (!said || length > LONGEST) return;
  text.value = "";
  grow();
  say({ text: said });
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + 2}px`;
  kept.set("draft", text.value);
}

page("composer").addEventListener("submit", submit);
text.addEventListener("input", grow);
text.addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses a word (229: what Safari still reports then).
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || button.getAttribute("aria-disabled")) return;
  const { reference, say: spoken } = button.dataset;
  if (reference) say({ text: button.textContent, button: reference });
  else if (spoken !== undefined) say({ text: button.textContent });
});
scroller.addEventListener("scroll", () => {
  if (atEnd()) unread = 0;
  countUnread(0);
  if (scroller.scrollTop < 80 && earlier) loadEarlier();
});
page("earlier").addEventListener("click", loadEarlier);
newest.addEventListener("click", toEnd);
page("close")?.addEventListener("click", leave);
if (page("close")) addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && leave());

function leave() {
  parent.postMessage("chat:close", "*"); // says nothing that the page around could not know
}

addEventListener("online", wakeAll);
addEventListener("offline", () => connected(false));
addEventListener("visibilitychange", check);
setInterval(check, 5000);
function check() {
  if (listening && Date.now() - heard > SILENCE) listening.abort();
  if (document.visibilityState === "visible") wakeAll();
}

// An on-screen keyboard shrinks what is visible, not the page (iOS); zooming in must not.
visualViewport?.addEventListener("resize", () => {
  if (visualViewport.scale > 1.01) return;
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
  scrollTo(0, 0);
});

async function start() {
  text.value = kept.get("draft") ?? "";
  grow();
  if (kept.get("token")) {
    session().catch(() => {}); // a fresh token for the same conversation
    for (let attempt = 0; !(await loadEarlier()); attempt++) {
      connected(false);
      await pause(attempt);
    }
    connected(true);
  }
  page("welcome").hidden = past.childElementCount > 0 || queue().length > 0;
  queue().forEach(showPending);
  toEnd();
  send();
  if (kept.get("token")) listen();
}

start();
