// What must outlive a reload: token, chat, unsent messages and files. Where the browser forbids storage, memory serves.

const kPrefix = 'parley.';

function working(area) {
  try {
    const storage = window[area];
    storage.setItem(kPrefix + 'probe', '1');
    storage.removeItem(kPrefix + 'probe');
    return storage;
  } catch {
    return null;   // blocked by the browser's settings: this tab still chats, a reload begins anew
  }
}

/** JSON values by key over localStorage (all tabs) or sessionStorage (this tab). */
export class Store {
  constructor(area) {
    this.storage = working(area);
    this.memory = new Map();
  }

  get(key) {
    try {
      const text = this.storage ? this.storage.getItem(kPrefix + key) : this.memory.get(key);
      return text === null || text === undefined ? undefined : JSON.parse(text);
    } catch {
      return undefined;   // written by something else: as good as absent
    }
  }

  set(key, value) {
    const text = JSON.stringify(value);
    try {
      if (this.storage)
        this.storage.setItem(kPrefix + key, text);
      else
        this.memory.set(key, text);
    } catch {
      this.memory.set(key, text);   // full: the line will still take it, only a reload would lose it
    }
  }

  remove(key) {
    try {
      this.storage?.removeItem(kPrefix + key);
    } catch {
      // nothing was there that could be read either
    }
    this.memory.delete(key);
  }

  keys(start) {
    const found = new Set([...this.memory.keys()].filter(key => key.startsWith(start)));
    for (let i = 0; this.storage && i < this.storage.length; ++i) {
      const key = this.storage.key(i);
      if (key.startsWith(kPrefix + start))
        found.add(key.slice(kPrefix.length));
    }
    return [...found];
  }

  /** handler(key) runs when another tab changed a key; with null when it cleared all. */
  onElsewhere(handler) {
    window.addEventListener('storage', event => {
      if (this.storage && event.storageArea === this.storage && (event.key === null || event.key.startsWith(kPrefix)))
        handler(event.key === null ? null : event.key.slice(kPrefix.length));
    });
  }
}

/** Files that wait to be sent, by the message's cid: in IndexedDB, because they do not fit into localStorage. */
export class FileStore {
  constructor() {
    this.memory = new Map();
    this.opening = null;
  }

  database() {
    this.opening ??= new Promise(resolve => {
      try {
        const request = indexedDB.open('parley', 1);
        request.onupgradeneeded = () => request.result.createObjectStore('files');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve(null);
        request.onblocked = () => resolve(null);
      } catch {
        resolve(null);
      }
    });
    return this.opening;
  }

  async #run(mode, work) {
    const database = await this.database();
    if (!database)
      return undefined;
    return new Promise(resolve => {
      try {
        const transaction = database.transaction('files', mode);
        const request = work(transaction.objectStore('files'));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = transaction.onabort = () => resolve(undefined);
      } catch {
        resolve(undefined);
      }
    });
  }

  async put(cid, file) {
    this.memory.set(cid, file);
    await this.#run('readwrite', files => files.put(file, cid));
  }

  async get(cid) {
    return this.memory.get(cid) ?? await this.#run('readonly', files => files.get(cid));
  }

  async remove(cid) {
    this.memory.delete(cid);
    await this.#run('readwrite', files => files.delete(cid));
  }

  async clear() {
    this.memory.clear();
    await this.#run('readwrite', files => files.clear());
  }
}
