// The conversation: the chat's log as far as this page holds it, what is still to be sent, and who has seen what.
import { Outbox } from './outbox.js';
import { clean, cleanName } from './text.js';

const kFirstPage = 200;          // messages fetched at first; earlier ones when asked for
const kAckWithin = 8_000;
const kTries = 3;
const kTypingFor = 6_000;        // the agent's "is typing" without news
const kPreviewEvery = 500;       // at most two typing frames a second
const kPreviewLength = 2_000;
const kEndedFor = 60 * 60_000;   // an ended chat is shown again for so long after a reload

export class Conversation {
  constructor({ store, line, transfers, changed }) {
    this.store = store;
    this.line = line;
    this.transfers = transfers;
    this.changed = changed;
    this.outbox = new Outbox(store);
    this.limits = { text: 32_000, file: 10 * 1024 * 1024 };
    this.brand = {};
    this.form = [];
    this.online = undefined;
    this.typingName = '';
    this.typingUntil = 0;
    this.inFlight = null;
    this.preview = { text: '', said: '', at: 0, timer: 0 };
    this.#hold(null);
    const kept = store.get('chat');
    if (kept && typeof kept.id === 'string' && !(kept.endedAt && Date.now() - kept.endedAt > kEndedFor))
      this.#hold(kept);
    transfers.conversation = this;
    store.onElsewhere(key => this.#elsewhere(key));
    setInterval(() => this.#tick(), 1_000);
  }

  // What the page shows ---------------------------------------------------------------------------------------------

  /** The log and, after it, what is not yet in it. */
  messages() {
    const known = [...this.entries.values()].sort((a, b) => a.seq - b.seq);
    const waiting = this.outbox.list().filter(item => this.#isOfThisChat(item)
      && (item.kind === 'text' || item.kind === 'file' || (item.kind === 'start' && item.text)));
    return { known, waiting };
  }

  get starting() {
    return this.outbox.list().some(item => item.kind === 'start' && item.state === 'pending');
  }

  get ending() {
    return this.outbox.list().some(item => item.kind === 'end' && this.#isOfThisChat(item));
  }

  get hasEarlier() {
    return this.first > 1;
  }

  get unread() {
    let count = 0;
    for (const entry of this.entries.values())
      count += entry.seq > this.read && (entry.author === 'agent' || entry.author === 'bot') && entry.kind !== 'event';
    return count;
  }

  get isTyping() {
    return Date.now() < this.typingUntil;
  }

  /** Whether a line is worth having although the panel is closed. */
  get isAlive() {
    return (this.chat !== null && this.chat.state !== 'ended') || this.outbox.toSend().length > 0;
  }

  // What the visitor does -------------------------------------------------------------------------------------------

  start(fields, text, variables, context) {
    this.#hold(null);
    this.store.remove('chat');
    const item = this.outbox.add('start', { fields, text, variables, context });
    this.flush();
    this.changed('chat');
    return item.cid;
  }

  leaveMessage(fields, text) {
    const item = this.outbox.add('offline', { fields, text });
    this.flush();
    return item.cid;
  }

  say(text) {
    this.outbox.add('text', { chat: this.chat?.id ?? '', text });
    this.#stopPreview();
    this.flush();
    this.changed('log');
  }

  async sendFile(file, name) {
    const type = /^[\w.+-]+\/[\w.+-]+$/.test(file.type) ? file.type : 'application/octet-stream';
    const item = this.outbox.add('file', { chat: this.chat?.id ?? '', state: 'storing',
      file: { name: cleanName(name, 200) || 'file', type, size: file.size } });
    this.changed('log');
    await this.transfers.keep(item.cid, file);
    this.outbox.change(item.cid, { state: 'pending' });
    this.flush();
  }

  end() {
    if (!this.chat || this.chat.state === 'ended' || this.ending)
      return;
    this.outbox.add('end', { chat: this.chat.id });
    this.#stopPreview();
    this.flush();
    this.changed('chat');
  }

  /** Puts an ended chat aside; the next thing shown is the form. */
  leave() {
    this.outbox.list().filter(item => this.#isOfThisChat(item)).forEach(item => this.discard(item.cid));
    this.#hold(null);
    this.store.remove('chat');
    this.changed('chat');
  }

  tryAgain(cid) {
    this.outbox.change(cid, { state: 'pending', reason: '', tries: 0 });
    this.outbox.adopted.add(cid);
    this.flush();
    this.changed('log');
  }

  discard(cid) {
    this.outbox.remove(cid);
    this.transfers.forget(cid);
    if (this.inFlight?.cid === cid)
      this.inFlight = null;
    this.changed('log');
  }

  loadEarlier() {
    if (!this.chat || !this.hasEarlier)
      return;
    const after = this.first - 1 - kFirstPage;
    this.earlierAfter = after < kFirstPage / 2 ? 0 : after;   // no button for a handful
    this.line.send({ t: 'resume', chat: this.chat.id, after: this.earlierAfter });
  }

  /** The visitor has the newest message before their eyes. */
  markRead() {
    if (!this.chat || this.last <= this.read)
      return;
    this.read = this.last;
    this.#keep();
    this.#sendMarks();
    this.changed('unread');
  }

  /** What is being written, so that the agent can read ahead; the hub never stores it. */
  typing(text) {
    this.preview.text = text.slice(0, kPreviewLength);
    if (this.preview.timer || !this.chat || this.chat.state === 'ended')
      return;
    const wait = Math.max(0, this.preview.at + kPreviewEvery - Date.now());
    this.preview.timer = setTimeout(() => this.#sendPreview(), wait);
  }

  forget() {
    this.outbox.clear();
    this.transfers.clear();
    for (const key of this.store.keys(''))
      this.store.remove(key);
    this.#hold(null);
    this.line.close();
    this.changed('forgotten');
  }

  // What the hub says -----------------------------------------------------------------------------------------------

  welcomed(frame) {
    const kept = this.store.get('token');
    if (kept && !this.saidToken && kept !== frame.token) {
      // Two first tabs said hello at once: the one that was welcomed first decides who this visitor is.
      this.line.close();
      this.line.connect();
      return;
    }
    if (typeof frame.token === 'string')
      this.store.set('token', frame.token);
    if (this.chat && this.store.get('visitor') !== frame.visitor)
      this.#abandon();
    this.store.set('visitor', frame.visitor);
    this.online = frame.online !== false;
    this.brand = frame.brand ?? {};
    this.form = Array.isArray(frame.form) ? frame.form : [];
    this.limits = { ...this.limits, ...frame.limits };
    if (frame.chat?.id && frame.chat.id !== this.chat?.id)
      this.#adopt(frame.chat);
    else if (frame.chat?.id && !this.entries.size)
      this.#hold({ ...this.store.get('chat'), ...frame.chat }, frame.chat.lastSeq);
    else if (frame.chat?.id)
      this.#update({ state: frame.chat.state, agentName: frame.chat.agentName ?? this.chat.agentName });
    this.outbox.adoptAll();
    this.inFlight = null;
    this.marksSent = { delivered: 0, read: 0 };
    if (this.chat)
      this.#resume();
    this.changed('welcome');
    this.flush();
  }

  lost() {
    this.inFlight = null;
    this.typingUntil = 0;
    this.preview.said = '';
    this.transfers.lost();
    this.changed('line');
  }

  receive(frame) {
    switch (frame.t) {
    case 'started': return this.#started(frame);
    case 'ack': return this.#acknowledged(frame);
    case 'entry': return this.#entry(frame);
    case 'log': return this.#log(frame);
    case 'typing': return this.#typing(frame);
    case 'marks': return this.#marks(frame);
    case 'error': return this.#refused(frame);
    case 'online':
      this.online = frame.online === true;
      return this.changed('online');
    case 'file.ready': case 'file.got': case 'file.data': return this.transfers.receive(frame);
    default: return undefined;   // a newer hub may say more than we know
    }
  }

  /** Sends the next thing that waits: one at a time, so that the order holds whatever is refused or lost. */
  flush() {
    if (this.line.state !== 'open' || this.inFlight)
      return;
    const items = this.outbox.toSend().filter(item => item.kind === 'start' || item.kind === 'offline' || item.chat);
    this.transfers.upload(items.filter(item => item.kind === 'file'));
    const next = items.find(item => item.kind !== 'file');
    if (!next || (next.kind === 'end' && items.some(item => item.kind === 'file')))
      return;
    if (this.line.send(frameOf(next)))
      this.inFlight = { cid: next.cid, at: Date.now() };
  }

  fail(cid, reason) {
    const item = this.outbox.get(cid);
    if (!item)
      return;
    if (this.inFlight?.cid === cid)
      this.inFlight = null;
    if (item.kind === 'start' || item.kind === 'offline') {
      this.outbox.remove(cid);
      // What was said after a start that failed has no chat to go to: it goes back into the form.
      const orphans = item.kind === 'start' ? this.outbox.list().filter(other => other.kind === 'text' && !other.chat) : [];
      orphans.forEach(other => this.outbox.remove(other.cid));
      this.changed('refused', { ...item, reason, text: [item.text, ...orphans.map(other => other.text)].join('\n') });
    } else if (item.kind === 'end') {
      this.outbox.remove(cid);
      this.changed('chat');
    } else {
      this.outbox.change(cid, { state: 'failed', reason });
      this.changed('failed', { reason });
    }
    this.flush();
  }

  /** The old chat is out of reach (an old token, a hub that began anew): what was not sent goes into the form. */
  #abandon() {
    const unsent = this.outbox.list().filter(item => item.kind === 'text' && this.#isOfThisChat(item));
    if (unsent.length)
      this.changed('orphans', unsent.map(item => item.text).join('\n'));
    this.leave();
  }

  // Inside ----------------------------------------------------------------------------------------------------------

  #started(frame) {
    if (typeof frame.chat?.id !== 'string')
      return;
    this.outbox.remove(frame.cid);
    if (this.inFlight?.cid === frame.cid)
      this.inFlight = null;
    this.#adopt(frame.chat);
    for (const item of this.outbox.list())
      if (!item.chat && (item.kind === 'text' || item.kind === 'file'))
        this.outbox.change(item.cid, { chat: frame.chat.id });
    this.#resume();
    this.changed('chat');
    this.flush();
  }

  #acknowledged(frame) {
    const item = this.outbox.remove(frame.cid);
    if (this.inFlight?.cid === frame.cid)
      this.inFlight = null;
    if (!item)
      return;
    this.transfers.forget(frame.cid);
    if (item.kind === 'offline') {
      this.changed('left', item);
    } else if (frame.chat === this.chat?.id) {
      const kind = item.kind === 'end' ? 'event' : item.kind;
      this.#add({ seq: frame.seq, cid: frame.cid, at: frame.at, author: 'visitor', kind, text: item.text,
        event: item.kind === 'end' ? 'ended' : undefined, file: item.file && { ...item.file, id: frame.file ?? item.file.id } });
      this.#closeGap(frame.seq);
      this.changed('log');
    }
    this.flush();
  }

  #entry(frame) {
    if (frame.chat !== this.chat?.id) {
      // Another tab of this visitor began a chat.
      if ((this.chat && this.chat.state !== 'ended') || typeof frame.chat !== 'string')
        return;
      this.#adopt({ id: frame.chat, state: 'waiting', lastSeq: 0 });
      this.#resume();
      this.changed('chat');
      return;
    }
    const isNew = this.#add(frame);
    this.#closeGap(frame.seq);
    this.#sendMarks();
    if (frame.author !== 'visitor')
      this.typingUntil = 0;
    if (isNew)
      this.changed('log', frame.author === 'visitor' ? undefined : frame);
  }

  #log(frame) {
    if (frame.chat !== this.chat?.id)
      return;
    const entries = Array.isArray(frame.entries) ? frame.entries : [];
    this.loading = true;
    entries.forEach(entry => this.#add(entry));
    const reached = entries.length ? entries[entries.length - 1].seq : 0;
    if (this.earlierAfter !== undefined && (!entries.length || entries[0].seq < this.first)) {
      this.first = this.earlierAfter + 1;
      this.earlierAfter = undefined;
    }
    if (frame.more && reached > this.have) {
      this.have = reached;
      this.#resume();
    } else if (!frame.more) {
      // Numbers that were skipped are notes among agents: there is nothing to wait for.
      this.have = Math.max(this.have, frame.lastSeq ?? reached);
      this.synced = true;
    }
    this.#sendMarks();
    this.changed('history');
    this.loading = false;
    this.flush();
  }

  /** Takes an entry into the log; false when it was there. */
  #add(entry) {
    if (!Number.isInteger(entry.seq) || entry.seq < 1)
      return false;
    if (entry.author === 'visitor' && entry.cid && this.outbox.get(entry.cid)) {
      this.outbox.remove(entry.cid);
      this.transfers.forget(entry.cid, entry.file?.id);
      if (this.inFlight?.cid === entry.cid)
        this.inFlight = null;
    }
    this.last = Math.max(this.last, entry.seq);
    if (this.entries.has(entry.seq) || entry.kind === 'note')
      return false;
    this.entries.set(entry.seq, { seq: entry.seq, cid: entry.cid ?? '', at: new Date(entry.at ?? Date.now()),
      author: entry.author, name: cleanName(entry.name ?? ''), kind: entry.kind, text: clean(entry.text ?? ''),
      event: entry.event, file: entry.file });
    if (entry.kind === 'event')
      this.#event(entry);
    return true;
  }

  #event(entry) {
    if (entry.event === 'accepted' || entry.event === 'transferred')
      this.#update({ state: this.chat.state === 'ended' ? 'ended' : 'open', agentName: entry.name ?? this.chat.agentName });
    else if (entry.event === 'ended')
      this.#update({ state: 'ended', endedAt: Date.parse(entry.at) || Date.now() });
    if (entry.event === 'ended')
      this.#failRest();
  }

  /** A chat that ended takes no more messages: what still waits can only be said in a new one. */
  #failRest() {
    for (const item of this.outbox.list())
      if (item.chat === this.chat.id && item.kind !== 'end')
        this.outbox.change(item.cid, { state: 'failed', reason: 'ended' });
      else if (item.chat === this.chat.id && item.kind === 'end')
        this.outbox.remove(item.cid);
    this.inFlight = null;
    this.typingUntil = 0;
    this.transfers.lost();
  }

  #closeGap(seq) {
    if (seq === this.have + 1)
      this.have = seq;
    else if (seq > this.have)
      this.#resume();
  }

  #typing(frame) {
    if (frame.chat !== this.chat?.id || frame.author === 'visitor')
      return;
    // The hub may leave the text out (the visitor is not to read along); an empty one says that the agent stopped.
    this.typingUntil = frame.text === '' ? 0 : Date.now() + kTypingFor;
    this.typingName = cleanName(frame.name ?? '') || this.chat.agentName || '';
    this.changed('typing');
  }

  #marks(frame) {
    if (frame.chat !== this.chat?.id)
      return;
    this.agentRead = Math.max(this.agentRead, frame.agentReadSeq ?? 0);
    this.read = Math.max(this.read, frame.readSeq ?? 0);
    this.#keep();
    this.changed('marks');
  }

  #refused(frame) {
    const cid = frame.cid || (frame.code === 'too_large' ? this.inFlight?.cid : undefined);
    if (frame.code === 'version') {
      this.line.refuse();
    } else if (frame.code === 'signin') {
      // The token is no longer good: begin as a new visitor rather than never again.
      this.store.remove('token');
    } else if (frame.code === 'too_many') {
      this.inFlight = null;
      this.transfers.later();
      const beginning = ['start', 'offline'].includes(this.outbox.get(cid)?.kind) && this.outbox.get(cid);
      // A queue that is full stays so for longer than a person looks at a form that says "Starting".
      if (beginning && (beginning.tries ?? 0) + 1 >= kTries) {
        this.fail(cid, 'busy');
      } else {
        if (beginning)
          this.outbox.change(cid, { tries: (beginning.tries ?? 0) + 1 });
        setTimeout(() => this.flush(), 1_000);
      }
    } else if (this.transfers.refused(frame)) {
      // a file's own business
    } else if (cid && this.outbox.get(cid)) {
      const reasons = { too_long: 'long', too_large: 'long', storage: 'storage', out_of_turn: 'ended', not_found: 'ended' };
      const kind = this.outbox.get(cid).kind;
      if (kind === 'start' && frame.code === 'out_of_turn') {
        // Another tab was quicker: its chat is the chat. The next welcome names it.
        const item = this.outbox.remove(cid);
        if (item.text)
          this.outbox.add('text', { text: item.text });
        this.adoptText = true;
        this.line.close();
        this.line.connect();
      } else {
        this.fail(cid, reasons[frame.code] ?? 'refused');
      }
    } else if (frame.code === 'not_found' && frame.chat && frame.chat === this.chat?.id) {
      this.#abandon();
    }
  }

  #elsewhere(key) {
    if (key === null) {
      this.outbox.items.clear();
      this.#hold(null);
      this.line.close();
      this.changed('forgotten');
    } else if (key.startsWith('out.')) {
      this.outbox.refresh(key);
      if (this.inFlight && !this.outbox.get(this.inFlight.cid))
        this.inFlight = null;
      this.changed('log');
    } else if (key === 'chat') {
      const kept = this.store.get('chat');
      if (kept?.id && kept.id === this.chat?.id) {
        this.read = Math.max(this.read, kept.read ?? 0);
        this.agentRead = Math.max(this.agentRead, kept.agentRead ?? 0);
        this.changed('marks');
      } else if (kept?.id && (!this.chat || this.chat.state === 'ended')) {
        this.#hold(kept);
        this.changed('chat');
        if (this.line.state === 'open')
          this.#resume();
      }
    }
  }

  #tick() {
    if (this.typingUntil && !this.isTyping) {
      this.typingUntil = 0;
      this.changed('typing');
    }
    if (this.inFlight && Date.now() - this.inFlight.at > kAckWithin && this.line.state === 'open') {
      const item = this.outbox.get(this.inFlight.cid);
      this.inFlight = null;
      if (item && (item.tries ?? 0) + 1 >= kTries)
        this.fail(item.cid, 'quiet');
      else if (item)
        this.outbox.change(item.cid, { tries: (item.tries ?? 0) + 1 });
    }
    this.transfers.tick();
    this.flush();
  }

  #resume() {
    this.line.send({ t: 'resume', chat: this.chat.id, after: this.have });
  }

  #sendMarks() {
    if (!this.chat || !this.synced)
      return;
    const marks = { delivered: this.last, read: this.read };
    if (marks.delivered <= this.marksSent.delivered && marks.read <= this.marksSent.read)
      return;
    if (this.line.send({ t: 'read', chat: this.chat.id, ...marks }))
      this.marksSent = marks;
  }

  #sendPreview() {
    this.preview.timer = 0;
    if (this.preview.text === this.preview.said || !this.chat)
      return;
    if (this.line.send({ t: 'typing', chat: this.chat.id, text: this.preview.text })) {
      this.preview.said = this.preview.text;
      this.preview.at = Date.now();
    }
  }

  /** The message takes the preview's place at the agent's; a frame that says so would only come late. */
  #stopPreview() {
    clearTimeout(this.preview.timer);
    this.preview = { text: '', said: '', at: 0, timer: 0 };
  }

  #isOfThisChat(item) {
    return item.chat === (this.chat?.id ?? '') || (!item.chat && this.starting);
  }

  #adopt(chat) {
    this.#hold(chat, chat.lastSeq);
    if (this.adoptText) {
      this.adoptText = false;
      this.outbox.list().filter(item => item.kind === 'text' && !item.chat)
        .forEach(item => this.outbox.change(item.cid, { chat: chat.id }));
    }
    this.#keep();
  }

  /** lastSeq: of a chat whose messages we do not hold yet; the oldest of many are left for later. */
  #hold(chat, lastSeq = 0) {
    this.chat = chat && { id: chat.id, state: chat.state ?? 'waiting', agentName: cleanName(chat.agentName ?? ''),
      endedAt: chat.endedAt };
    this.entries = new Map();
    this.have = Math.max(0, lastSeq - kFirstPage);
    this.last = 0;
    this.first = this.have + 1;
    this.earlierAfter = undefined;
    this.synced = false;
    this.read = chat?.read ?? 0;
    this.agentRead = chat?.agentRead ?? 0;
    this.marksSent = { delivered: 0, read: 0 };
  }

  #update(values) {
    const agentName = cleanName(values.agentName ?? this.chat.agentName);
    this.chat = { ...this.chat, ...values, agentName };
    this.#keep();
    this.changed('chat');
  }

  #keep() {
    if (this.chat)
      this.store.set('chat', { ...this.chat, read: this.read, agentRead: this.agentRead });
  }
}

function frameOf(item) {
  switch (item.kind) {
  case 'start': return { t: 'start', cid: item.cid, fields: item.fields, variables: item.variables, context: item.context,
    text: item.text };
  case 'offline': return { t: 'offline', cid: item.cid, fields: item.fields, text: item.text };
  case 'end': return { t: 'end', chat: item.chat, cid: item.cid };
  default: return { t: 'say', chat: item.chat, cid: item.cid, text: item.text };
  }
}
