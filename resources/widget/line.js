// The line to the hub: hello first, waits that grow, silence noticed; what the frames mean is Conversation's business.

const kPingAfter = 5_000;      // heard nothing for so long: ask
const kDeadAfter = 10_000;     // heard nothing for so long: the line is dead, whatever the browser says
const kWaits = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const kSettled = 5_000;        // a line that lived so long after its welcome starts the waits anew

/** States: off, connecting, open (welcomed), waiting (will try again), refused (will not). */
export class Line {
  constructor({ url, hello, onFrame, onState }) {
    this.url = url;
    this.hello = hello;
    this.onFrame = onFrame;
    this.onState = onState;
    this.state = 'off';
    this.socket = null;
    this.failures = 0;
    this.heard = 0;
    this.opened = 0;
    this.downSince = 0;
    this.retry = 0;
    window.addEventListener('online', () => this.poke());
    document.addEventListener('visibilitychange', () => document.hidden || this.poke());
    window.addEventListener('pageshow', () => this.poke());
    setInterval(() => this.#watch(), 1_000);
  }

  connect() {
    if (this.state !== 'off' && this.state !== 'waiting')
      return;
    clearTimeout(this.retry);
    this.#become('connecting');
    this.heard = Date.now();
    const socket = new WebSocket(this.url);
    this.socket = socket;
    // A socket that was given up may still speak: only the present one counts.
    const current = handler => event => socket === this.socket && handler(event);
    socket.onopen = current(() => {
      this.heard = Date.now();
      this.#put(this.hello());
    });
    socket.onmessage = current(event => this.#receive(event.data));
    socket.onclose = current(event => this.#lost(event.code));
    socket.onerror = () => {};   // a close follows and says the same
  }

  /** Hands a frame to the line; false when there is none, and the sender keeps what it has. */
  send(frame) {
    return this.state === 'open' && this.#put(frame);
  }

  /** Ends the line for good or until connect(). */
  close() {
    this.#drop();
    clearTimeout(this.retry);
    this.#become('off');
  }

  /** The world may have changed (tab shown, network back): look at once instead of waiting on. */
  poke() {
    if (this.state === 'waiting')
      this.connect();
    else
      this.#watch();
  }

  refuse() {
    this.#drop();
    clearTimeout(this.retry);
    this.#become('refused');
  }

  #put(frame) {
    if (this.socket?.readyState !== WebSocket.OPEN)
      return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  #receive(data) {
    this.heard = Date.now();
    let frame = null;
    try {
      frame = JSON.parse(data);
    } catch {
      return;   // not ours to repair; the log is resumed by number anyway
    }
    if (frame === null || typeof frame !== 'object')
      return;
    if (frame.t === 'ping') {
      this.#put({ t: 'pong' });
    } else if (frame.t === 'welcome') {
      this.opened = Date.now();
      this.downSince = 0;
      this.#become('open', frame);
    } else if (frame.t !== 'pong') {
      this.onFrame(frame);
    }
  }

  #watch() {
    if (this.state !== 'open' && this.state !== 'connecting')
      return;
    const silent = Date.now() - this.heard;
    if (silent >= kDeadAfter)
      this.#lost(0);
    else if (silent >= kPingAfter)
      this.#put({ t: 'ping' });
  }

  #lost(code) {
    if (this.state === 'open' && Date.now() - this.opened >= kSettled)
      this.failures = 0;
    this.#drop();
    if (code === 4400) {
      this.#become('refused');
      return;
    }
    this.downSince ||= Date.now();
    const wait = kWaits[Math.min(this.failures, kWaits.length - 1)];
    this.failures += 1;
    this.#become('waiting');
    // Jitter, so that a thousand pages do not come back in the same instant.
    this.retry = setTimeout(() => this.connect(), wait * (0.5 + Math.random() * 0.5));
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    if (socket && socket.readyState < WebSocket.CLOSING)
      socket.close();
  }

  #become(state, detail) {
    this.state = state;
    this.onState(state, detail);
  }
}
