// What the visitor said and the hub has not acknowledged: kept in storage until it is, in the order it was said.

export const kTab = newId('t');

/** A client id as the protocol wants it; getRandomValues also exists on pages without https. */
export function newId(kind) {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return kind + '-' + Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

const kForeignAfter = 10_000;   // an item of another tab is ours to send when that tab seems to be gone

/**
 * Items: { cid, kind: start|text|file|end|offline, chat, text, at, tab, state: pending|failed, reason, … }.
 * All tabs see all items; sending one twice is harmless, the hub knows its cid.
 */
export class Outbox {
  constructor(store) {
    this.store = store;
    this.items = new Map();
    this.adopted = new Set();
    for (const key of store.keys('out.'))
      this.refresh(key);
    this.lastAt = 0;
  }

  add(kind, values) {
    // Two messages in one millisecond keep their order.
    this.lastAt = Math.max(Date.now(), this.lastAt + 0.001);
    const item = { cid: newId(kind[0]), kind, chat: '', text: '', at: this.lastAt, tab: kTab, state: 'pending', ...values };
    this.#put(item);
    return item;
  }

  get(cid) {
    return this.items.get(cid);
  }

  change(cid, values) {
    const item = this.items.get(cid);
    if (item)
      this.#put({ ...item, ...values });
  }

  remove(cid) {
    const item = this.items.get(cid);
    this.items.delete(cid);
    this.store.remove('out.' + cid);
    return item;
  }

  /** Reads again what another tab changed. */
  refresh(key) {
    const cid = key.slice('out.'.length);
    const item = this.store.get(key);
    if (item && item.cid === cid && typeof item.kind === 'string')
      this.items.set(cid, item);
    else
      this.items.delete(cid);
  }

  list() {
    return [...this.items.values()].sort((a, b) => a.at - b.at);
  }

  /** After a fresh line everything that waits is ours to send, whoever wrote it. */
  adoptAll() {
    for (const cid of this.items.keys())
      this.adopted.add(cid);
  }

  toSend() {
    return this.list().filter(item => item.state === 'pending'
      && (item.tab === kTab || this.adopted.has(item.cid) || Date.now() - item.at > kForeignAfter));
  }

  clear() {
    for (const cid of [...this.items.keys()])
      this.remove(cid);
  }

  #put(item) {
    this.items.set(item.cid, item);
    this.store.set('out.' + item.cid, item);
  }
}
