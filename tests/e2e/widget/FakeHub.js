// A hub for tests that keeps the protocol's promises (log, cid, resume, files) and breaks them only when told to.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

const kWidget = fileURLToPath(new URL('../../../resources/widget/', import.meta.url));
const kTypes = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };
const kPage = 500;

export const kForm = [
  { name: 'name', label: 'Your name', type: 'text', required: true },
  { name: 'email', label: 'Email', type: 'email', required: true },
  { name: 'company', label: 'Company', type: 'text', required: false },
  { name: 'phone', label: 'Phone', type: 'tel', required: false },
  { name: 'department', label: 'Department', type: 'select', required: true, options: ['Sales', 'Billing', 'Support'] },
  { name: 'product', label: 'Product', type: 'select', required: false, options: ['Team plan', 'Solo plan'] },
  { name: 'consent', label: 'I agree that my details are used to answer me.', type: 'checkbox', required: true },
];

export class FakeHub {
  constructor(options = {}) {
    this.online = options.online ?? true;
    this.form = options.form ?? kForm;
    this.limits = { text: 32_000, file: 10 * 1024 * 1024, ...options.limits };
    this.chunk = options.chunk ?? 131_072;
    this.routes = new Map();       // path -> html, for host pages of a test's own
    this.headers = {};             // of those pages
    this.chats = new Map();        // id -> { id, visitor, state, agentName, log, cids, files, read, … }
    this.visitors = new Map();     // token -> id
    this.offline = [];
    this.lines = new Set();
    this.greeted = 0;
    this.hellos = [];
    this.heard = [];               // every frame of every page, in order
    // Faults
    this.stallAcks = false;        // stored, but not said
    this.mute = false;             // hears, says nothing at all (half-open)
    this.refuseNext = [];          // [{ t, code }]: answers the next frame of that type with the error
    this.dropOn = null;            // frame => true: closes the line instead of handling the frame
    this.forgives = false;         // takes an unknown token for a new visitor instead of refusing it
    this.pingEvery = 4_000;
  }

  async start(port = 0) {
    this.server = createServer((request, response) => this.#serve(request, response));
    this.sockets = new WebSocketServer({ server: this.server, path: '/ws/visitor', maxPayload: 256 * 1024 });
    this.sockets.on('connection', socket => this.#welcome(socket));
    await new Promise((resolve, reject) => this.server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    this.pinger = setInterval(() => this.lines.forEach(line => line.send({ t: 'ping' })), this.pingEvery);
    return this;
  }

  /** Gone like a killed process: nothing said, the port closed; what was stored stays. */
  async stop() {
    clearInterval(this.pinger);
    this.dropLines();
    this.server.closeAllConnections();
    await new Promise(resolve => this.server.close(resolve));
  }

  restart() {
    return this.start(this.port);
  }

  dropLines() {
    this.lines.forEach(line => line.socket.terminate());
    this.lines.clear();
  }

  // The agent's side ------------------------------------------------------------------------------------------------

  get chat() {
    return [...this.chats.values()].at(-1);
  }

  accept(name = 'Nora Whitfield', chat = this.chat) {
    chat.state = 'open';
    chat.agentName = name;
    this.append(chat, { author: 'agent', agent: 'A1', name, kind: 'event', event: 'accepted' });
  }

  say(text, chat = this.chat, extra = {}) {
    return this.append(chat, { author: 'agent', agent: 'A1', name: chat.agentName, kind: 'text', text, ...extra });
  }

  note(text, chat = this.chat) {
    // Agents only: it takes a number, no page is told.
    chat.log.push({ seq: chat.log.length + 1, cid: 'n', at: new Date().toISOString(), author: 'agent', kind: 'note', text });
  }

  sendFile(name, type, bytes, chat = this.chat) {
    const id = `F${chat.files.size + 1}`;
    chat.files.set(id, { id, name, type, size: bytes.length, bytes, complete: true });
    return this.append(chat, { author: 'agent', agent: 'A1', name: chat.agentName, kind: 'file', file: { id, name, type, size: bytes.length } });
  }

  type(text = '…', chat = this.chat) {
    this.tell(chat, { t: 'typing', chat: chat.id, author: 'agent', name: chat.agentName, text });
  }

  read(chat = this.chat) {
    chat.agentRead = chat.log.length;
    this.tell(chat, this.#marks(chat));
  }

  end(chat = this.chat) {
    chat.state = 'ended';
    this.append(chat, { author: 'agent', agent: 'A1', name: chat.agentName, kind: 'event', event: 'ended' });
  }

  setOnline(online) {
    this.online = online;
    this.lines.forEach(line => line.send({ t: 'online', online }));
  }

  texts(chat = this.chat) {
    return chat.log.filter(entry => entry.kind === 'text').map(entry => entry.text);
  }

  append(chat, entry, except) {
    const full = { chat: chat.id, seq: chat.log.length + 1, cid: '', at: new Date().toISOString(), ...entry };
    chat.log.push(full);
    this.tell(chat, { t: 'entry', ...full }, except);
    return full;
  }

  tell(chat, frame, except) {
    for (const line of this.lines)
      if (line.visitor === chat.visitor && line !== except)
        line.send(frame);
  }

  // The visitor's door ----------------------------------------------------------------------------------------------

  #welcome(socket) {
    const line = { socket, visitor: null, send: frame => this.mute || socket.send(JSON.stringify(frame)) };
    this.lines.add(line);
    socket.on('close', () => this.lines.delete(line));
    socket.on('error', () => {});
    socket.on('message', data => {
      const frame = JSON.parse(data);
      this.heard.push(frame);
      if (this.dropOn?.(frame)) {
        this.lines.delete(line);
        socket.terminate();
        return;
      }
      const fault = this.refuseNext.findIndex(refusal => refusal.t === frame.t);
      if (fault >= 0) {
        const { code, fatal } = this.refuseNext.splice(fault, 1)[0];
        line.send({ t: 'error', code, message: 'as the test wants', chat: frame.chat, cid: frame.cid, fatal });
        return;
      }
      this.#handle(line, frame);
    });
  }

  #handle(line, frame) {
    const handlers = {
      hello: () => this.#hello(line, frame), start: () => this.#start(line, frame), say: () => this.#say(line, frame),
      end: () => this.#end(line, frame), resume: () => this.#resume(line, frame), read: () => this.#read(line, frame),
      offline: () => this.#offline(line, frame), typing: () => {}, page: () => {}, ping: () => line.send({ t: 'pong' }), pong: () => {},
      'file.begin': () => this.#fileBegin(line, frame), 'file.chunk': () => this.#fileChunk(line, frame),
      'file.get': () => this.#fileGet(line, frame),
    };
    const refuse = (code, message) => line.send({ t: 'error', code, message, chat: frame.chat, cid: frame.cid });
    if (!handlers[frame.t])
      return refuse('unknown_type', frame.t);
    if (frame.t !== 'hello' && !line.visitor)
      return refuse('out_of_turn', 'before hello');
    if (frame.chat && this.chats.get(frame.chat)?.visitor !== line.visitor)
      return refuse('not_found', frame.chat);
    if (typeof frame.text === 'string' && frame.text.length > this.limits.text)
      return refuse('too_long', `text of ${frame.text.length} characters`);
    return handlers[frame.t]();
  }

  #hello(line, frame) {
    this.hellos.push(frame);
    let { token } = frame;
    if (token && !this.visitors.has(token) && this.forgives) {
      token = '';
    } else if (token && !this.visitors.has(token)) {
      line.send({ t: 'error', code: 'signin', message: 'token', fatal: true });
      line.socket.close();
      return;
    }
    if (!token) {
      token = `v1.${this.greeted + 1}`;
      this.visitors.set(token, `V${this.greeted += 1}`);
    }
    line.visitor = this.visitors.get(token);
    const chat = [...this.chats.values()].find(one => one.visitor === line.visitor && one.state !== 'ended');
    line.send({ t: 'welcome', v: 1, token, visitor: line.visitor, online: this.online, form: this.form, limits: this.limits,
      brand: { name: 'Tallyworks', reply: 'Usually replies in 2 minutes' },
      chat: chat && { id: chat.id, state: chat.state, lastSeq: chat.log.length, agentName: chat.agentName } });
  }

  #start(line, frame) {
    let chat = [...this.chats.values()].find(one => one.startCid === frame.cid && one.visitor === line.visitor);
    if (!chat && [...this.chats.values()].some(one => one.visitor === line.visitor && one.state !== 'ended'))
      return line.send({ t: 'error', code: 'out_of_turn', message: 'a chat is open', cid: frame.cid });
    if (!chat) {
      const id = `C${this.chats.size + 1}`;
      chat = { id, visitor: line.visitor, startCid: frame.cid, state: 'waiting', agentName: undefined, log: [], cids: new Map(), files: new Map(),
        fields: frame.fields, variables: frame.variables, context: frame.context, agentRead: 0, delivered: 0, readSeq: 0 };
      this.chats.set(id, chat);
      this.append(chat, { author: 'visitor', kind: 'event', event: 'started', cid: frame.cid }, line);
      if (frame.text)
        this.append(chat, { author: 'visitor', kind: 'text', text: frame.text }, line);
    }
    if (!this.stallAcks)
      line.send({ t: 'started', cid: frame.cid, chat: { id: chat.id, state: chat.state, lastSeq: chat.log.length } });
    return undefined;
  }

  #add(line, frame, entry) {
    const chat = this.chats.get(frame.chat);
    let stored = chat.log[chat.cids.get(frame.cid) - 1];
    if (!stored && chat.state === 'ended')
      return line.send({ t: 'error', code: 'out_of_turn', message: 'ended', chat: chat.id, cid: frame.cid });
    if (!stored) {
      stored = this.append(chat, { author: 'visitor', cid: frame.cid, ...entry }, line);
      chat.cids.set(frame.cid, stored.seq);
      if (entry.event === 'ended')
        chat.state = 'ended';
    }
    if (!this.stallAcks)
      line.send({ t: 'ack', chat: chat.id, cid: frame.cid, seq: stored.seq, at: stored.at });
    return undefined;
  }

  #say(line, frame) {
    return this.#add(line, frame, { kind: 'text', text: frame.text });
  }

  #end(line, frame) {
    return this.#add(line, frame, { kind: 'event', event: 'ended' });
  }

  #resume(line, frame) {
    const chat = this.chats.get(frame.chat);
    const rest = chat.log.filter(entry => entry.seq > frame.after);
    line.send({ t: 'log', chat: chat.id, entries: rest.slice(0, kPage).filter(entry => entry.kind !== 'note'), lastSeq: chat.log.length,
      more: rest.length > kPage });
    line.send(this.#marks(chat));
  }

  #read(line, frame) {
    const chat = this.chats.get(frame.chat);
    chat.delivered = Math.max(chat.delivered, frame.delivered);
    chat.readSeq = Math.max(chat.readSeq, frame.read);
    this.tell(chat, this.#marks(chat), line);
  }

  #marks(chat) {
    return { t: 'marks', chat: chat.id, deliveredSeq: chat.delivered, readSeq: chat.readSeq, agentReadSeq: chat.agentRead };
  }

  #offline(line, frame) {
    if (!this.offline.some(message => message.cid === frame.cid))
      this.offline.push(frame);
    if (!this.stallAcks)
      line.send({ t: 'ack', chat: 'CM', cid: frame.cid, seq: 2, at: new Date().toISOString() });
  }

  #fileBegin(line, frame) {
    const chat = this.chats.get(frame.chat);
    if (frame.size > this.limits.file)
      return line.send({ t: 'error', code: 'too_long', message: 'file', chat: chat.id, cid: frame.cid });
    let file = [...chat.files.values()].find(one => one.cid === frame.cid);
    if (file?.complete)
      return this.#add(line, { chat: chat.id, cid: frame.cid }, {});
    if (!file) {
      file = { id: `F${chat.files.size + 1}`, cid: frame.cid, name: frame.name, type: frame.type, size: frame.size, bytes: Buffer.alloc(0) };
      chat.files.set(file.id, file);
    }
    file.begun = (file.begun ?? 0) + 1;
    return line.send({ t: 'file.ready', cid: frame.cid, file: file.id, offset: file.bytes.length, chunk: this.chunk });
  }

  #fileChunk(line, frame) {
    const chat = [...this.chats.values()].find(one => one.files.has(frame.file));
    const file = chat.files.get(frame.file);
    if (frame.offset !== file.bytes.length)
      return line.send({ t: 'error', code: 'malformed', message: 'offset', chat: chat.id, cid: file.cid });
    file.bytes = Buffer.concat([file.bytes, Buffer.from(frame.data, 'base64')]);
    if (file.bytes.length < file.size)
      return line.send({ t: 'file.got', file: file.id, offset: file.bytes.length });
    file.complete = true;
    return this.#add(line, { chat: chat.id, cid: file.cid }, { kind: 'file', file: { id: file.id, name: file.name, type: file.type, size: file.size } });
  }

  #fileGet(line, frame) {
    const file = this.chats.get(frame.chat).files.get(frame.file);
    if (!file)
      return line.send({ t: 'error', code: 'not_found', message: 'file', chat: frame.chat });
    const piece = file.bytes.subarray(frame.offset, frame.offset + this.chunk);
    return line.send({ t: 'file.data', file: file.id, offset: frame.offset, size: file.size, data: piece.toString('base64'),
      last: frame.offset + piece.length >= file.size });
  }

  // The web ---------------------------------------------------------------------------------------------------------

  async #serve(request, response) {
    const { pathname } = new URL(request.url, 'http://hub');
    if (this.routes.has(pathname)) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...this.headers }).end(this.routes.get(pathname));
      return;
    }
    if (pathname === '/favicon.ico') {
      response.writeHead(204).end();
      return;
    }
    const name = pathname === '/' ? 'demo.html' : pathname === '/widget.js' ? 'widget.js' : /^\/widget\/([\w.-]+)$/.exec(pathname)?.[1];
    try {
      const body = await readFile(join(kWidget, name));
      response.writeHead(200, { 'Content-Type': kTypes[extname(name)] ?? 'application/octet-stream', 'X-Content-Type-Options': 'nosniff' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  }
}

// node FakeHub.js [port]: to look at the widget by hand.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const hub = await new FakeHub().start(Number(process.argv[2] ?? 8090));
  console.log(`${hub.url}/?open`);
}
