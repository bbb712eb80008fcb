// Files both ways: sent in pieces from where the hub says, fetched in pieces, taken up again after a broken line.
import { FileStore } from './store.js';

const kAnswerWithin = 10_000;
const kTries = 3;

export class Transfers {
  constructor(line, changed) {
    this.line = line;
    this.changed = changed;
    this.files = new FileStore();
    this.conversation = null;
    this.sending = null;      // { cid, item, blob, file, offset, chunk, at, tries, release }
    this.waitUntil = 0;
    this.progress = new Map();   // cid or file id -> share of 1
    this.fetches = [];        // the first is under way
    this.fetched = new Map(); // file id -> Blob
    this.sentFiles = new Map();  // cid -> Blob of what this tab sent, for its preview
  }

  async keep(cid, file) {
    this.sentFiles.set(cid, file);
    await this.files.put(cid, file);
  }

  /** The message is in the log (or given up): the copy is not needed any more. */
  forget(cid, fileId) {
    const blob = this.sentFiles.get(cid);
    if (blob && fileId)
      this.fetched.set(fileId, blob);
    this.progress.delete(cid);
    this.files.remove(cid);
    if (this.sending?.cid === cid)
      this.#stop();
  }

  clear() {
    this.#stop();
    this.files.clear();
    this.fetched.clear();
    this.sentFiles.clear();
  }

  // Sending ---------------------------------------------------------------------------------------------------------

  upload(items) {
    const next = items[0];
    if (this.sending || !next || Date.now() < this.waitUntil)
      return;
    const sending = { cid: next.cid, item: next, tries: next.tries ?? 0, at: Date.now() };
    this.sending = sending;
    // Only one tab sends a file: two would each be told where the other had come to.
    const work = () => new Promise(release => {
      sending.release = release;
      this.#begin(sending);
    });
    if (navigator.locks)
      navigator.locks.request('parley.file.' + next.cid, { ifAvailable: true }, lock => lock ? work() : this.#yield(sending));
    else
      work();
  }

  async #begin(sending) {
    sending.blob = await this.files.get(sending.cid);
    if (this.sending !== sending)
      return;
    if (!sending.blob) {
      this.#stop();
      this.conversation.fail(sending.cid, 'gone');
      return;
    }
    const { name, type, size } = sending.item.file;
    sending.at = Date.now();
    this.line.send({ t: 'file.begin', chat: sending.item.chat, cid: sending.cid, name, type, size });
  }

  #yield(sending) {
    if (this.sending === sending)
      this.#stop();
    this.waitUntil = Date.now() + 2_000;
  }

  async #piece() {
    const sending = this.sending;
    const from = sending.offset;
    let data = '';
    try {
      data = await base64(sending.blob.slice(from, from + sending.chunk));
    } catch {
      // The file was moved or changed on the visitor's disk since it was chosen.
      this.#stop();
      this.conversation.fail(sending.cid, 'gone');
      return;
    }
    if (this.sending !== sending || sending.offset !== from)
      return;
    sending.at = Date.now();
    this.line.send({ t: 'file.chunk', file: sending.file, offset: from, data });
  }

  #stop() {
    this.sending?.release?.();
    this.sending = null;
  }

  // Fetching --------------------------------------------------------------------------------------------------------

  /** Calls done(blob or null); the type is ours, never the sender's word, unless it is a picture we show. */
  fetch(chat, file, type, done) {
    if (this.fetched.has(file.id))
      return done(this.fetched.get(file.id));
    const running = this.fetches.find(fetching => fetching.id === file.id);
    if (running)
      return running.done.push(done);
    this.fetches.push({ chat, id: file.id, type, done: [done], pieces: [], offset: 0, at: 0, tries: 0 });
    if (this.fetches.length === 1)
      this.#ask();
    return undefined;
  }

  #ask() {
    const fetching = this.fetches[0];
    if (!fetching)
      return;
    fetching.at = Date.now();
    this.line.send({ t: 'file.get', chat: fetching.chat, file: fetching.id, offset: fetching.offset });
  }

  #data(frame) {
    const fetching = this.fetches[0];
    if (fetching?.id !== frame.file || frame.offset !== fetching.offset)
      return;
    const piece = bytesOf(frame.data ?? '');
    fetching.pieces.push(piece);
    fetching.offset += piece.length;
    fetching.tries = 0;
    this.progress.set(frame.file, frame.size ? Math.min(1, fetching.offset / frame.size) : 1);
    if (frame.last || (piece.length === 0))
      this.#finish(frame.last ? new Blob(fetching.pieces, { type: fetching.type }) : null);
    else
      this.#ask();
    this.changed('progress');
  }

  #finish(blob) {
    const fetching = this.fetches.shift();
    this.progress.delete(fetching.id);
    if (blob)
      this.fetched.set(fetching.id, blob);
    fetching.done.forEach(done => done(blob));
    this.#ask();
  }

  // The line --------------------------------------------------------------------------------------------------------

  receive(frame) {
    const sending = this.sending;
    if (frame.t === 'file.data') {
      this.#data(frame);
    } else if (frame.t === 'file.ready' && sending?.cid === frame.cid) {
      sending.file = frame.file;
      sending.item.file.id = frame.file;
      this.conversation.outbox.change(frame.cid, { file: { ...sending.item.file, id: frame.file } });
      sending.chunk = Math.max(1, frame.chunk ?? 65_536);
      this.#got(sending, frame.offset ?? 0);
    } else if (frame.t === 'file.got' && sending?.file === frame.file) {
      sending.tries = 0;
      this.#got(sending, frame.offset);
    }
  }

  #got(sending, offset) {
    sending.offset = offset;
    sending.at = Date.now();
    this.progress.set(sending.cid, Math.min(1, offset / sending.item.file.size));
    if (offset < sending.item.file.size)
      this.#piece();
    this.changed('progress');
  }

  /** True when the error was about a file. */
  refused(frame) {
    const sending = this.sending;
    // A piece has no cid: an error without one, while a piece is under way, is the piece's.
    const isOfPiece = sending?.file && !frame.cid && !frame.chat;
    if (sending && (frame.cid === sending.cid || isOfPiece)) {
      const again = frame.code === 'malformed' || frame.code === 'not_found' || (isOfPiece && frame.code === 'out_of_turn');
      this.#stop();
      if (again && sending.tries + 1 < kTries && sending.file)
        this.conversation.outbox.change(sending.cid, { tries: sending.tries + 1 });   // begins where the hub says
      else
        this.conversation.fail(sending.cid, { too_long: 'long', too_large: 'long', storage: 'storage',
          out_of_turn: 'ended' }[frame.code] ?? 'refused');
      return true;
    }
    const fetching = this.fetches[0];
    if (fetching && !frame.cid && frame.code === 'not_found' && frame.chat === fetching.chat && fetching.at) {
      this.#finish(null);
      return true;
    }
    return false;
  }

  lost() {
    this.#stop();
    if (this.fetches[0])
      this.fetches[0].at = 0;
  }

  later() {
    this.waitUntil = Date.now() + 1_000;
    this.#stop();
    if (this.fetches[0])
      this.fetches[0].at = Date.now() - kAnswerWithin + 1_000;
  }

  tick() {
    if (this.line.state !== 'open')
      return;
    const sending = this.sending;
    if (sending && Date.now() - sending.at > kAnswerWithin) {
      this.#stop();
      if (sending.tries + 1 >= kTries)
        this.conversation.fail(sending.cid, 'quiet');
      else
        this.conversation.outbox.change(sending.cid, { tries: sending.tries + 1 });
    }
    const fetching = this.fetches[0];
    if (fetching && Date.now() - fetching.at > kAnswerWithin) {
      fetching.tries += 1;
      if (fetching.tries > kTries)
        this.#finish(null);
      else
        this.#ask();
    }
  }
}

async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let binary = '';
  for (let i = 0; i < bytes.length; i += 32_768)
    binary += String.fromCharCode.apply(null, bytes.subarray(i, i + 32_768));
  return btoa(binary);
}

function bytesOf(text) {
  try {
    return Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  } catch {
    return new Uint8Array(0);
  }
}
