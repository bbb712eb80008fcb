// The thread: each message one element that is kept while its state changes; only what changed touches the page.
import { append, fill, h, hidden, icon, say, set } from './dom.js';
import { cleanName, fileNameForDisk, firstName, linkPieces } from './text.js';

const kLong = 2_500;                       // characters shown of a very long message until asked for more
const kPictures = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const kPictureLimit = 3 * 1024 * 1024;     // larger ones are fetched only when asked for
const kNearEnd = 60;

export class Thread {
  constructor(words, conversation, transfers) {
    this.words = words;
    this.conversation = conversation;
    this.transfers = transfers;
    this.nodes = new Map();
    this.urls = new Map();                 // file or cid -> blob URL
    this.list = h('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-relevant': 'additions',
      'aria-label': words.say('messages') });
    this.earlier = h('button', { class: 'link earlier', type: 'button', hidden: true,
      onclick: () => this.conversation.loadEarlier() }, words.say('earlier'));
    this.scroller = h('div', { class: 'scroller', tabindex: '0', role: 'region', 'aria-label': words.say('messages'),
      onscroll: () => this.#scrolled() }, this.earlier, this.list);
    this.pill = h('button', { class: 'pill', type: 'button', hidden: true, onclick: () => this.toEnd() });
    this.element = h('div', { class: 'thread' }, this.scroller, this.pill);
    this.atEnd = true;
    this.missed = 0;
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.scroller);
  }

  /** history: what is added was there before, and is not to be read aloud. */
  show({ history = false, added = 0 } = {}) {
    const height = this.scroller.scrollHeight;
    const wasAtEnd = this.atEnd;
    if (history)
      set(this.list, { 'aria-live': 'off' });
    this.#reconcile(this.#items());
    this.earlier.hidden = !this.conversation.hasEarlier;
    if (wasAtEnd)
      this.toEnd();
    else if (history && this.scroller.scrollTop < 40)
      this.scroller.scrollTop += this.scroller.scrollHeight - height;
    else
      this.missed += added;
    this.#pill();
    if (history)
      setTimeout(() => set(this.list, { 'aria-live': 'polite' }), 300);
  }

  clear() {
    this.nodes.clear();
    this.list.replaceChildren();
    this.urls.forEach(url => URL.revokeObjectURL(url));
    this.urls.clear();
    this.missed = 0;
    this.atEnd = true;
  }

  toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.atEnd = true;
    this.missed = 0;
    this.#pill();
  }

  /** Whether the newest message is before the visitor's eyes. */
  get showsEnd() {
    return this.atEnd;
  }

  #scrolled() {
    const before = this.atEnd;
    this.atEnd = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < kNearEnd;
    if (this.atEnd)
      this.missed = 0;
    this.#pill();
    if (this.atEnd && !before)
      this.conversation.changed('scrolled');
  }

  #pill() {
    this.pill.hidden = this.atEnd || this.missed === 0;
    say(this.pill, this.words.say('newMessages', { count: this.missed }));
  }

  // What is to be seen, in order ------------------------------------------------------------------------------------

  #items() {
    const { known, waiting } = this.conversation.messages();
    const items = [];
    const today = new Date();
    let day = '';
    const push = item => {
      const label = this.words.dayOf(item.at, today);
      if (label !== day)
        items.push({ key: `day ${item.at.toDateString()}`, type: 'day', text: label });
      day = label;
      items.push(item);
    };
    for (const entry of known)
      if (entry.kind !== 'event')
        push({ ...entry, key: entry.cid && entry.author === 'visitor' ? `c${entry.cid}` : `s${entry.seq}`,
          type: entry.author === 'system' ? 'system' : 'bubble', state: 'sent' });
      else if (this.#eventWords(entry))
        push({ key: `s${entry.seq}`, type: 'system', text: this.#eventWords(entry), at: entry.at });
    for (const item of waiting)
      push({ key: `c${item.cid}`, cid: item.cid, type: 'bubble', author: 'visitor', kind: item.kind === 'file' ? 'file' : 'text',
        text: item.text, file: item.file, at: new Date(item.at), state: item.state, reason: item.reason });
    items.forEach((item, i) => {
      item.last = !sameRun(item, items[i + 1]);
      item.first = !sameRun(items[i - 1], item);
    });
    return items;
  }

  #eventWords(entry) {
    const time = this.words.time(entry.at);
    const name = firstName(entry.name) || this.words.say('someone');
    switch (entry.event) {
    case 'accepted': return this.words.say('joined', { name, time });
    case 'transferred': return this.words.say('transferred', { name, time });
    case 'ended': return entry.author === 'visitor' ? this.words.say('endedByYou', { time })
      : entry.author === 'agent' ? this.words.say('endedBy', { name, time }) : this.words.say('ended', { time });
    default: return '';   // what agents do with their records is not the visitor's concern
    }
  }

  // How it is put on the page ---------------------------------------------------------------------------------------

  #reconcile(items) {
    const keys = new Set(items.map(item => item.key));
    for (const [key, node] of this.nodes)
      if (!keys.has(key)) {
        node.element.remove();
        this.nodes.delete(key);
      }
    let place = this.list.firstChild;
    for (const item of items) {
      let node = this.nodes.get(item.key);
      if (!node) {
        node = this.#make(item);
        this.nodes.set(item.key, node);
      }
      if (node.element === place)
        place = place.nextSibling;
      else
        this.list.insertBefore(node.element, place);
      node.update(item);
    }
  }

  #make(item) {
    if (item.type === 'day')
      return { element: h('div', { class: 'day' }, h('span', {}, item.text)), update: () => {} };
    if (item.type === 'system') {
      const words = h('span', { dir: 'auto' }, item.text);
      return { element: h('div', { class: 'system' }, words), update: now => say(words, now.text) };
    }
    return this.#bubble(item);
  }

  #bubble(item) {
    const mine = item.author === 'visitor';
    const name = item.author === 'bot' ? item.name || this.words.say('bot') : firstName(item.name ?? '') || this.words.say('someone');
    const body = h('div', { class: 'bubble', dir: item.kind === 'file' ? null : 'auto' });
    const line = h('div', { class: 'state' });
    const element = h('div', { class: `message ${mine ? 'mine' : 'theirs'} ${item.author === 'bot' ? 'bot' : ''}` },
      hidden(mine ? this.words.say('youSaid') : this.words.say('saidBy', { name })), body, line);
    let shownFile = '';
    let shownState = '';
    if (item.kind !== 'file')
      this.#text(body, item.text, !mine);
    const update = now => {
      set(element, { 'data-state': now.state, 'data-first': now.first, 'data-last': now.last });
      const file = now.kind === 'file' ? JSON.stringify([now.file, now.state]) : '';
      if (file !== shownFile)
        this.#file(body, now);
      shownFile = file;
      if (now.kind === 'file')
        this.#progress(body, now);
      const state = this.#stateWords(now, mine, name);
      if (state.key !== shownState) {
        fill(line, state.nodes);
        shownState = state.key;
      }
      line.hidden = !now.last && now.state === 'sent';
    };
    return { element, update };
  }

  #stateWords(item, mine, name) {
    const time = this.words.time(item.at);
    if (!mine)
      return { key: time, nodes: [this.words.say('byline', { name: `\u2068${name}\u2069`, time })] };
    if (item.state === 'failed') {
      const reason = { ended: 'failEnded', long: 'failLong', storage: 'failStorage', gone: 'failGone', quiet: 'failQuiet' }[item.reason];
      const why = this.words.say(reason ?? 'failRefused', { limit: this.conversation.limits.text });
      const hopeless = item.reason === 'ended' || item.reason === 'long' || item.reason === 'gone';
      return { key: `failed ${item.reason}`, nodes: [h('span', { class: 'failed' }, icon('error', 12), this.words.say('stateFailed')),
        h('span', {}, why), !hopeless && h('button', { class: 'link small', type: 'button',
          onclick: () => this.conversation.tryAgain(item.cid) }, this.words.say('tryAgain')),
        h('button', { class: 'link small', type: 'button', onclick: () => this.conversation.discard(item.cid) },
          this.words.say('discard'))] };
    }
    const seen = item.state === 'sent' && item.seq <= this.conversation.agentRead;
    const state = item.state === 'sent' ? (seen ? 'stateSeen' : 'stateSent')
      : this.conversation.line.state === 'open' ? 'stateSending' : 'stateWaiting';
    const picture = { stateSeen: 'checks', stateSent: 'check' }[state] ?? 'clock';
    return { key: `${state} ${time}`, nodes: [h('span', {}, time), h('span', { 'aria-hidden': 'true' }, '·'),
      h('span', { class: 'tick-state' }, icon(picture, 12), this.words.say(state))] };
  }

  #text(body, text, mayLink) {
    const long = text.length > kLong + 200;
    const whole = h('span', { class: 'text' });
    const write = shown => {
      whole.replaceChildren();
      // Only what our own people wrote becomes a link; what a visitor wrote stays as it is.
      append(whole, mayLink ? linkPieces(shown).map(piece => piece.href
        ? h('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer nofollow', dir: 'ltr' }, piece.text)
        : document.createTextNode(piece.text)) : [document.createTextNode(shown)]);
    };
    write(long ? cut(text, kLong) + '…' : text);
    body.append(whole);
    if (!long)
      return;
    let open = false;
    const button = h('button', { class: 'link more', type: 'button', 'aria-expanded': 'false', onclick: () => {
      open = !open;
      write(open ? text : cut(text, kLong) + '…');
      set(button, { 'aria-expanded': String(open) });
      say(button, this.words.say(open ? 'showLess' : 'showAll'));
    } }, this.words.say('showAll'));
    body.append(button);
  }

  // Files -----------------------------------------------------------------------------------------------------------

  #file(body, item) {
    const file = { ...item.file, name: cleanName(item.file?.name ?? '', 200) || 'file' };
    const size = this.words.size(Number(file.size) || 0);
    const isPicture = kPictures.has(file.type);
    const picture = isPicture ? h('span', { class: 'picture' }) : null;
    const label = h('span', { class: 'file-name' }, h('bdi', {}, file.name), hidden(', '), h('span', { class: 'file-size' }, size));
    fill(body);
    set(body, { class: 'bubble file' });
    if (picture)
      this.#picture(picture, item, file);
    if (item.state !== 'sent') {
      body.append(...[picture, h('span', { class: 'file-row' }, icon('file', 20), label),
        h('progress', { max: '100', value: '0', 'aria-label': this.words.say('uploading', { name: file.name, percent: 0 }) })].filter(Boolean));
      return;
    }
    const problem = h('p', { class: 'error', role: 'alert', hidden: true });
    const button = h('button', { class: 'file-row', type: 'button', onclick: () => this.#download(item, file, problem) },
      hidden(`${this.words.say('download')} `), icon('file', 20), label, icon('download', 16));
    body.append(...[picture, button, h('progress', { max: '100', value: '0', hidden: true,
      'aria-label': this.words.say('downloading', { name: file.name, percent: 0 }) }), problem].filter(Boolean));
  }

  #progress(body, item) {
    const bar = body.querySelector('progress');
    const share = this.transfers.progress.get(item.state === 'sent' ? item.file?.id : item.cid);
    bar.hidden = item.state === 'failed' || (item.state === 'sent' && share === undefined);
    bar.value = Math.round((share ?? 0) * 100);
  }

  #picture(place, item, file) {
    const show = blob => {
      if (!blob || !place.isConnected && !place.parentNode)
        return;
      const key = item.file.id ?? item.cid;
      const url = this.urls.get(key) ?? URL.createObjectURL(blob.slice(0, blob.size, file.type));
      this.urls.set(key, url);
      fill(place, h('img', { src: url, alt: this.words.say('picture', { name: file.name }),
        onload: () => this.atEnd && this.toEnd(), onerror: () => place.remove() }));
    };
    const own = this.transfers.sentFiles.get(item.cid);
    if (own)
      queueMicrotask(() => show(own));
    else if (item.state === 'sent' && item.file.id && file.size <= kPictureLimit)
      this.transfers.fetch(this.conversation.chat.id, item.file, file.type, blob => queueMicrotask(() => show(blob)));
  }

  #download(item, file, problem) {
    problem.hidden = true;
    const own = this.transfers.sentFiles.get(item.cid);
    const save = blob => {
      if (!blob) {
        problem.hidden = false;
        say(problem, this.words.say('downloadFailed'));
        return;
      }
      saveBlob(blob, fileNameForDisk(item.file.name));
    };
    if (own)
      save(own);
    else
      this.transfers.fetch(this.conversation.chat.id, item.file, 'application/octet-stream', save);
  }
}

/** Hands a file to the browser's own download; the bytes are never opened as a page of ours. */
export function saveBlob(blob, name) {
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = h('a', { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function sameRun(a, b) {
  return a !== undefined && b !== undefined && a.type === 'bubble' && b.type === 'bubble' && a.author === b.author
    && a.name === b.name && a.state === b.state && b.at - a.at < 5 * 60_000;
}

/** Never between the halves of a letter. */
function cut(text, length) {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}
