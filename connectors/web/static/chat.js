// The conversation page. The server keeps the conversation; this shows it, and keeps what was not yet accepted.

const page = (id) => document.getElementById(id);
const words = JSON.parse(document.body.dataset.words);
const language = document.body.dataset.language;
const api = new URL("../", import.meta.url);
const scroller = page("scroller");
const log = page("log");
const past = page("past");
const box = page("text");
const status = page("status");
const newest = page("newest");
const LONGEST = 2000; // characters of a message
const SILENCE = 40_000; // ms; the server says something at least every 15 seconds

// A frame on another site may be denied storage: then the conversation lasts as long as the page.
const memory = {};
const kept = {
  get(name) {
    try {
      return JSON.parse(localStorage.getItem(`chat.${name}`)) ?? memory[name];
    } catch {
      return memory[name];
    }
  },
  set(name, value) {
    memory[name] = value;
    try {
      localStorage.setItem(`chat.${name}`, JSON.stringify(value));
    } catch { /* in memory, then */ }
  },
};

// ---- the server

let cursor = "";
let stream = null; // aborts the open stream
let heard = 0;
const sleepers = new Set();

function call(path, options = {}) {
  const headers = { "Accept-Language": language, ...options.headers };
  if (kept.get("token")) headers.Authorization = `Bearer ${kept.get("token")}`;
  return fetch(new URL(path, api), { ...options, headers, cache: "no-store", credentials: "omit" });
}

async function renewSession() {
  const answer = await call("session", { method: "POST" });
  if (!answer.ok) throw answer.status;
  kept.set("token", (await answer.json()).token);
}

function pause(attempt, seconds = 0) {
  const wait = Math.max(seconds * 1000, Math.min(20_000, 500 * 1.5 ** attempt) * (0.75 + Math.random() / 2));
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
  if (yes === (status.dataset.state !== "offline")) return;
  status.dataset.state = yes ? "online" : "offline";
  status.textContent = yes ? words.online : words.offline;
  if (!yes) return showWorking(false);
  wakeAll();
  setTimeout(() => status.dataset.state === "online" && (status.textContent = ""), 3000);
}

async function listen() {
  if (stream) return;
  for (let attempt = 0; ; attempt++) {
    stream = new AbortController();
    heard = Date.now();
    try {
      const headers = cursor ? { "Last-Event-ID": cursor } : {};
      const answer = await call("stream", { headers, signal: stream.signal });
      if (answer.status === 204) return (stream = null); // nothing was ever said
      if ([400, 401].includes(answer.status)) cursor = "";
      if (answer.status === 401) await renewSession();
      if (!answer.ok) throw answer.status;
      attempt = 0;
      connected(true);
      for await (const event of events(answer.body)) receive(event);
    } catch { /* it ended: open it again */ }
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
  const message = show(data);
  if (data.role !== "user") log.querySelectorAll("[data-state=sent]").forEach((sent) => setState(sent, ""));
  if (following) data.role === "user" ? toEnd() : reveal(message);
  else if (data.role !== "user") countUnread(unread + 1);
}

// ---- sending: a message stays in the queue, under one id, until the server has accepted it

const queue = () => kept.get("queue") ?? [];
let sending = false;
let limited = false; // the server takes nothing more for a while, unless it is a request for a person
let urgent = null; // said while limited: tried at once, since it may be one

function say(message) {
  const id = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
    (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
  );
  const entry = { id, at: new Date().toISOString(), ...message };
  kept.set("queue", [...queue(), entry]);
  showQueued(entry);
  toEnd();
  if (limited) {
    urgent = id;
    wakeAll();
  }
  send();
}

const showQueued = ({ button, ...entry }) => show({ ...entry, role: "user", chosen: button, buttons: [], state: "waiting" });

async function send() {
  if (sending) return;
  sending = true;
  for (let attempt = 0; queue().length; ) {
    const { id, text, button } = queue().find((entry) => entry.id === urgent) ?? queue()[0];
    urgent = null;
    if (!attempt) setState(find(id), "sending");
    const answer = await post(button ? { id, button } : { id, text });
    limited = answer?.status === 429;
    if (answer?.status === 202) {
      attempt = 0;
      drop(id, "sent");
      find(id)?.querySelector(".mistake")?.remove();
      listen();
    } else if (answer && answer.status < 500 && ![401, 408, 429].includes(answer.status)) {
      await fail(id, answer);
    } else {
      if (answer?.status === 401) kept.set("token", null);
      if (!answer) connected(false);
      if (limited) await explain(id, answer);
      setState(find(id), "waiting");
      await pause(attempt++, Number(answer?.headers.get("Retry-After")));
    }
  }
  sending = false;
}

async function post(message) {
  try {
    if (!kept.get("token")) await renewSession();
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
  drop(id, "failed");
  find(id)?.append(make("p", "mistake", message ?? words["error.malformed"]));
  chosen.forEach((by, reference) => by === id && use(reference, null));
}

// The server explains once why a message has to wait.
async function explain(id, answer) {
  const { message } = await answer.json().catch(() => ({}));
  if (message && !find(id)?.querySelector(".mistake")) find(id)?.append(make("p", "mistake", message));
}

// ---- showing

const locale = document.documentElement.lang;
const day = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
const hour = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const when = (at) => (at.toDateString() === new Date().toDateString() ? "" : `${day.format(at)} `) + hour.format(at);
const find = (id) => document.querySelector(`[data-id="${CSS.escape(id)}"]`);

function make(tag, className, content = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = content;
  return element;
}

// What the server has confirmed stands in its order, before what still waits to be accepted.
function show(data, place = log) {
  page("welcome").hidden = true;
  const known = find(data.id);
  if (known) {
    delete known.dataset.queued;
    drop(data.id, "sent");
    return known;
  }
  const message = draw(data);
  place.insertBefore(message, data.state ? null : place.querySelector("[data-queued]"));
  return message;
}

function draw({ id, role, text, language: spoken, at, buttons, state, chosen: pressed }) {
  const message = make("article", role);
  message.dataset.id = id;
  const about = make("p", "about", `${words[role]} · `);
  const time = make("time", "", when(new Date(at)));
  time.dateTime = at;
  about.append(time, make("span", "state"));
  const body = make("div", "text");
  if (spoken) body.lang = spoken;
  body.append(role === "user" ? text : rich(text));
  message.append(about, body);
  if (buttons.length) message.append(options(buttons, spoken));
  if (pressed) use(pressed, id);
  if (state) {
    message.dataset.queued = "";
    setState(message, state);
  }
  return message;
}

function setState(message, state) {
  if (!message) return;
  message.dataset.state = state;
  message.querySelector(".state").textContent = state && ` · ${words[state]}`;
}

// Text is text: paragraphs, simple lists, and links to http(s) addresses; never markup.
const ITEM = /^\s*(?:([-•·*])\s+|(\d{1,2})(?:[、）)]|\.\s)\s*)(.*)$/;

function rich(text) {
  const parts = document.createDocumentFragment();
  const lines = text.split(/\r?\n/);
  let open = null;
  lines.forEach((line, index) => {
    const [, bullet, number, item] = line.match(ITEM) ?? [];
    const tag = bullet ? "UL" : number ? "OL" : "P";
    if (!line.trim()) open = null;
    else if (tag === "P" && open?.tagName === "OL" && ("told" in open.dataset || lines[index + 1]?.match(ITEM)?.[2])) {
      open.dataset.told = ""; // a line between numbered ones tells about the one before it
      link(open.lastChild, `\n${line}`);
    } else if (tag === "P" && open?.tagName === "P") link(open, `\n${line}`);
    else {
      if (open?.tagName !== tag) parts.append((open = make(tag)));
      const place = tag === "P" ? open : open.appendChild(make("li"));
      if (number) place.value = number;
      link(place, item ?? line);
    }
  });
  return parts;
}

function link(element, line) {
  let end = 0;
  for (const { 0: found, index } of line.matchAll(/https?:\/\/[^\s<>"'`，。；：！？、（）《》「」【】“”]+/g)) {
    const address = found.replace(/[.,;:!?)\]}]+$/, "");
    const anchor = make("a", "", address);
    anchor.href = address;
    anchor.target = "_blank";
    anchor.rel = "noopener noreferrer";
    anchor.append(make("span", "unseen", words.new_window));
    element.append(line.slice(end, index), anchor);
    end = index + address.length;
  }
  element.append(line.slice(end));
}

// ---- buttons: of each group one can be used, once

const chosen = new Map(); // reference of the used button -> id of the message that used it

function options(buttons, spoken) {
  const group = make("div", "options");
  const count = words.options.replace("{n}", buttons.length);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", count);
  group.append(make("p", "unseen", count)); // a live region reads text, not that there are buttons
  for (const { title, reference } of buttons) {
    const button = make("button", "", title);
    button.type = "button";
    button.dataset.reference = reference;
    if (spoken) button.lang = spoken;
    group.append(button);
  }
  mark(group);
  return group;
}

function use(reference, id) {
  if (id) chosen.set(reference, id);
  else chosen.delete(reference);
  const button = document.querySelector(`[data-reference="${CSS.escape(reference)}"]`);
  if (button) mark(button.parentNode);
}

function mark(group) {
  const buttons = [...group.querySelectorAll("button")];
  const used = buttons.find(({ dataset }) => chosen.has(dataset.reference));
  for (const button of buttons) {
    button.querySelector(".unseen")?.remove();
    button.classList.toggle("chosen", button === used);
    if (used) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
  used?.append(make("span", "unseen", ` (${words.chosen})`));
}

// ---- scrolling and older messages

let following = true; // the end is in view, and stays there
let unread = 0;

const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;

function toEnd() {
  scroller.scrollTop = scroller.scrollHeight;
  following = true;
  countUnread(0);
}

// An answer longer than the screen is shown from its beginning.
function reveal(message) {
  toEnd();
  if (message.offsetHeight > scroller.clientHeight) scroller.scrollTop = message.offsetTop - 8;
  following = atEnd();
}

function showWorking(yes) {
  page("working").hidden = !yes;
  if (following) toEnd();
}

function countUnread(count) {
  unread = count;
  newest.hidden = following;
  newest.textContent = unread ? words.new_messages.replace("{n}", unread) : words.newest;
}

let loading = false;
let before = ""; // where the next older page ends; null: nothing is older

// True when there is nothing to try again.
async function loadEarlier() {
  if (loading || before === null) return true;
  loading = true;
  try {
    const answer = await call(`history${before && `?before=${encodeURIComponent(before)}`}`);
    if (answer.status === 401) kept.set("token", null);
    if (!answer.ok) return answer.status === 401;
    const found = await answer.json();
    const below = scroller.scrollHeight - scroller.scrollTop;
    const older = make("div");
    found.messages.forEach((message) => show(message, older));
    past.prepend(...older.childNodes);
    past.querySelectorAll(".options").forEach(mark); // what was chosen stands after its options
    scroller.scrollTop = scroller.scrollHeight - below;
    if (!before) cursor = found.cursor;
    before = found.before;
    page("earlier").hidden = !before;
    return true;
  } catch {
    return false;
  } finally {
    loading = false;
  }
}

// ---- what the person does

function submit(event) {
  event.preventDefault();
  const text = box.value.trim();
  const length = [...text].length;
  page("mistake").textContent = length > LONGEST ? `${words["error.too_long"]} (${length} / ${LONGEST})` : "";
  box.setAttribute("aria-invalid", length > LONGEST);
  if (!text || length > LONGEST) return;
  box.value = "";
  grow();
  say({ text });
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
  kept.set("draft", box.value);
}

function leave() {
  parent.postMessage("chat:close", "*"); // tells the page around nothing it could not know
}

page("composer").addEventListener("submit", submit);
box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  // While an input method composes, Enter chooses a word (229: what Safari still reports then).
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) submit(event);
});
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button:not([aria-disabled])");
  if (!button) return;
  const { reference, say: spoken } = button.dataset;
  if (reference) say({ text: button.textContent, button: reference });
  else if (spoken !== undefined) say({ text: button.textContent });
});
scroller.addEventListener("scroll", () => {
  following = atEnd();
  if (following !== newest.hidden || (following && unread)) countUnread(following ? 0 : unread);
  if (scroller.scrollTop < 80 && before) loadEarlier();
});
new ResizeObserver(() => following && past.childNodes.length + log.childNodes.length && toEnd()).observe(scroller);
page("earlier").addEventListener("click", loadEarlier);
newest.addEventListener("click", toEnd);
if (page("close")) {
  page("close").addEventListener("click", leave);
  addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && leave());
}
addEventListener("online", () => {
  stream?.abort();
  wakeAll();
});
addEventListener("offline", () => connected(false));
addEventListener("visibilitychange", () => document.visibilityState === "visible" && wakeAll());
setInterval(() => stream && Date.now() - heard > SILENCE && stream.abort(), 5000);

// An on-screen keyboard shrinks what is visible, not the page (iOS); zooming in must not.
visualViewport?.addEventListener("resize", () => {
  if (visualViewport.scale > 1.01) return;
  document.documentElement.style.setProperty("--height", `${visualViewport.height}px`);
  scrollTo(0, 0);
});

async function start() {
  box.value ||= kept.get("draft") ?? ""; // what was typed while this was loading comes first
  grow();
  if (kept.get("token")) {
    renewSession().catch(() => {}); // a fresh token for the same conversation; the old one serves meanwhile
    for (let attempt = 0; !(await loadEarlier()); attempt++) {
      connected(false);
      await pause(attempt);
    }
    connected(true);
  }
  queue().forEach(showQueued);
  if (past.childNodes.length + log.childNodes.length) toEnd();
  else page("welcome").hidden = false;
  send();
  if (kept.get("token")) listen();
}

start();
