import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  defaultLimits
} from "./chunk-EGW7ROHF.js";
import {
  sweepWorkspaces
} from "./chunk-Z5JDSP4X.js";
import {
  blobPath,
  layoutOf,
  makeLayout,
  partialPath
} from "./chunk-VOFVSU25.js";
import {
  TransferFailure,
  corrupt,
  isLocal,
  mapConcurrent,
  networkFailure,
  offlineError,
  tooLarge,
  typed,
  unreachable,
  wrongBytesHint
} from "./chunk-CGY25BUW.js";
import {
  nameOf,
  showUrl
} from "./chunk-7SZXV43M.js";
import {
  syncFolder
} from "./chunk-SYJABGWK.js";
import {
  ownedName
} from "./chunk-22XNJDHL.js";
import {
  hashedStream
} from "./chunk-5ODDAH7M.js";
import {
  MkbaseError,
  interrupted,
  ioError
} from "./chunk-BYUPOKH5.js";

// src/store/blobs/blob.ts
import { open as open2, rm as rm2, stat } from "node:fs/promises";

// src/store/blobs/blob-writer.ts
import { createHash } from "node:crypto";
import { ftruncateSync, writeSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
var chunkSize = 256 * 1024;
var BlobWriter = class _BlobWriter {
  #layout;
  #path;
  #file;
  #size = 0;
  #hash = createHash("sha256");
  constructor(layout, path, file) {
    this.#layout = layout;
    this.#path = path;
    this.#file = file;
  }
  /**
   * Begins a blob. With `resume` it goes on from the bytes that an earlier download of that hash
   * left; taking them is a rename, so of several processes only one gets them.
   */
  static async open(layout, resume) {
    const path = join(layout.tmp, await ownedName());
    return guarded("making", path, async () => {
      const resumed = resume !== void 0 && await tookOver(partialPath(layout, resume), path);
      const writer = new _BlobWriter(layout, path, await open(path, resumed ? "r+" : "wx+"));
      if (resumed) await writer.#readBack().catch(() => writer.restart());
      return writer;
    });
  }
  /** Bytes so far. */
  get size() {
    return this.#size;
  }
  /** The sha256 of the bytes so far, hexadecimal. */
  get sha256() {
    return this.#hash.copy().digest("hex");
  }
  /** Waits for the disk, so that bytes which come quicker than it takes them do not pile up. */
  append(chunk) {
    try {
      for (let written = 0; written < chunk.length; ) {
        const rest = chunk.length - written;
        written += writeSync(this.#file.fd, chunk, written, rest, this.#size + written);
      }
    } catch (error) {
      throw ioError(error, "writing", this.#path);
    }
    this.#hash.update(chunk);
    this.#size += chunk.length;
  }
  /** Forgets all bytes. */
  restart() {
    try {
      ftruncateSync(this.#file.fd);
    } catch (error) {
      throw ioError(error, "emptying", this.#path);
    }
    this.#size = 0;
    this.#hash = createHash("sha256");
  }
  /** Makes it a blob under its own hash: whole, and on disk, before it can be seen. */
  publish() {
    return guarded("storing", this.#path, async () => {
      const blob = { sha256: this.sha256, size: this.#size };
      await this.#file.sync();
      await this.#file.close();
      await rename(this.#path, blobPath(this.#layout, blob.sha256));
      await syncFolder(this.#layout.blobs);
      return blob;
    });
  }
  /** Puts the bytes aside, for a later download of `sha256` to go on from. */
  shelve(sha256) {
    return guarded("keeping", this.#path, async () => {
      await this.#file.close();
      if (this.#size > 0) await rename(this.#path, partialPath(this.#layout, sha256));
      else await rm(this.#path, { force: true });
    });
  }
  /** Removes the file, however far it came. */
  discard() {
    return guarded("removing", this.#path, async () => {
      await this.#file.close();
      await rm(this.#path, { force: true });
    });
  }
  async #readBack() {
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (; ; ) {
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, this.#size);
      if (bytesRead === 0) return;
      this.#hash.update(buffer.subarray(0, bytesRead));
      this.#size += bytesRead;
    }
  }
};
var tookOver = (from, to) => rename(from, to).then(
  () => true,
  () => false
);
async function guarded(doing, path, action) {
  try {
    return await action();
  } catch (error) {
    throw ioError(error, doing, path);
  }
}

// src/store/blobs/blob.ts
var chunkSize2 = 256 * 1024;
async function* readBlob(layout, sha256) {
  const path = blobPath(layout, sha256);
  const file = await open2(path, "r").catch((error) => {
    throw isMissing(error) ? missing(sha256) : ioError(error, "reading", path);
  });
  try {
    const stream = hashedStream(chunks(file, path));
    yield* stream.bytes;
    const actual = stream.sha256();
    if (actual === sha256) return;
    await removeThis(file, path);
    throw damaged(path, sha256, actual);
  } finally {
    await file.close();
  }
}
async function findBlob(layout, sha256, { emit, signal }) {
  const path = blobPath(layout, sha256);
  if (!await stat(path).catch(() => void 0)) return void 0;
  let size = 0;
  try {
    for await (const chunk of readBlob(layout, sha256)) {
      if (signal.aborted) throw interrupted(signal);
      size += chunk.length;
    }
  } catch (error) {
    if (!(error instanceof MkbaseError) || error.code !== "SOURCE_CORRUPT") throw error;
    const warning = { code: "store-damaged", message: error.message, advice: "Check the disk." };
    emit({ type: "warning", stage: "fetch", warning });
    return void 0;
  }
  return { sha256, size };
}
async function writeBlob(layout, source, sha256) {
  const writer = await BlobWriter.open(layout);
  try {
    for await (const chunk of source) writer.append(chunk);
    if (writer.sha256 !== sha256) throw unexpected(sha256, writer);
    return await writer.publish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
async function* chunks(file, path) {
  for (; ; ) {
    const buffer = Buffer.allocUnsafe(chunkSize2);
    const { bytesRead } = await file.read(buffer, 0, chunkSize2, null).catch((error) => {
      throw ioError(error, "reading", path);
    });
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
async function removeThis(file, path) {
  const [read, named] = await Promise.all([file.stat(), stat(path).catch(() => void 0)]);
  if (read.ino === named?.ino) await rm2(path, { force: true }).catch(() => void 0);
}
var isMissing = (error) => error.code === "ENOENT";
var againHint = "Run the same command again: it will be fetched again.";
var missing = (sha256) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `The blob ${sha256} is no longer in the store; something removed it during the run.`,
  hint: againHint
});
var damaged = (path, expected, actual) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `A stored blob was damaged and has been removed: ${path}
  expected sha256 ${expected}
  found    sha256 ${actual}`,
  hint: againHint
});
var unexpected = (expected, { sha256: actual, size }) => new MkbaseError({
  code: "SOURCE_CORRUPT",
  message: `Bytes to be stored are not what was expected.
  expected sha256 ${expected}
  found    sha256 ${actual}, ${size} bytes`
});

// src/store/transfer/receive.ts
import { createReadStream } from "node:fs";
import { stat as stat2 } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// src/store/transfer/http-request.ts
async function httpRequest({ origin, pathname, search }, { headers, agent, signal }, listener) {
  const dispatcher = await agent();
  const request = {
    origin,
    path: pathname + search,
    method: "GET",
    // The bytes are hashed as they were published, so none may be encoded on the way (RFC 9110, 12.5.3).
    headers: { "accept-encoding": "identity", "user-agent": "mkbase", ...headers },
    // The caller watches the pace itself, and counts only the time spent waiting for the network.
    headersTimeout: 0,
    bodyTimeout: 0
  };
  return new Promise((resolve, reject) => {
    dispatcher.dispatch(request, handlerOf(listener, signal, resolve, reject));
  });
}
function redirectOf({ status, header }) {
  return [301, 302, 303, 307, 308].includes(status) ? header("location") : void 0;
}
function handlerOf(listener, signal, resolve, reject) {
  let leave = (_reason) => {
  };
  let answer;
  const fail = (reason) => {
    reject(reason);
    leave(reason);
  };
  const told = (tell) => {
    try {
      tell();
    } catch (error) {
      fail(error);
    }
  };
  signal.addEventListener("abort", () => fail(signal.reason), { once: true });
  return {
    onRequestStart(controller) {
      leave = (reason) => controller.abort(reason);
      if (signal.aborted) fail(signal.reason);
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return;
      answer = { status, header: (name) => [headers[name]].flat()[0] };
      if (redirectOf(answer) === void 0) return told(() => listener.onAnswer(answer));
      resolve(answer);
      leave(new Error("redirected"));
    },
    onResponseData: (_controller, chunk) => told(() => listener.onChunk(chunk)),
    onResponseEnd: () => resolve(answer),
    onResponseError: (_controller, error) => reject(error)
  };
}

// src/store/transfer/http.ts
async function get(url, { headers, redirects, agent, signal }, listener) {
  let at = url;
  for (let hop = 0; hop <= redirects; hop++) {
    const sent = { ...headers, ...authorization(url, at) };
    const answer = await httpRequest(at, { headers: sent, agent, signal }, listener);
    const location = redirectOf(answer);
    if (location === void 0) return answer;
    at = redirectTarget(at, location);
  }
  throw unreachable(`${showUrl(url)}: more than ${redirects} redirects.`, { again: false });
}
function redirectTarget(from, location) {
  const refused = (reason) => unreachable(`${showUrl(from)}: redirects to ${showUrl(location)}, ${reason}.`, {
    again: false,
    hint: "Name another mirror with --mirror; a captive portal may need a login first."
  });
  if (!URL.canParse(location, from.href)) throw refused("which is no URL");
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") throw refused("which is refused");
  if (from.protocol === "https:" && to.protocol === "http:") {
    throw refused("which would give up the protection of https");
  }
  return to;
}
function authorization(asked, at) {
  if (at.origin !== asked.origin || asked.username === "" && asked.password === "") return {};
  const pair = `${decoded(asked.username)}:${decoded(asked.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// src/store/transfer/pace.ts
function watchPace(limits, where, stop) {
  const { idle, slowStretch, slowestBytesPerSecond } = limits;
  const giveUp = (what) => stop.abort(unreachable(`${where}: ${what}.`, { again: true, hint: slowHint }));
  const timer = setTimeout(() => giveUp(`nothing came for ${idle / 1e3} seconds`), idle);
  let since = performance.now();
  let waited = 0;
  let moved = 0;
  return {
    came(bytes) {
      waited += performance.now() - since;
      moved += bytes;
      if (waited < slowStretch) return;
      if (moved < slowestBytesPerSecond * waited / 1e3) {
        giveUp(`less than ${slowestBytesPerSecond} bytes a second came`);
      }
      waited = 0;
      moved = 0;
    },
    waits() {
      since = performance.now();
      timer.refresh();
    },
    end: () => clearTimeout(timer)
  };
}
var slowHint = "Try again later, or name another mirror with --mirror.";

// src/store/transfer/receive-http.ts
async function receiveHttp(transfer, url, stop) {
  const { network, sink } = transfer;
  const pace = watchPace(network.limits, showUrl(url), stop);
  const headers = resumeHeaders(transfer, url);
  const options = {
    headers,
    redirects: network.limits.redirects,
    agent: network.agent,
    signal: stop.signal
  };
  let resumed = false;
  let contentType;
  const answer = await get(url, options, {
    onAnswer(answer2) {
      resumed = begin(transfer, answer2, url);
      contentType = answer2.header("content-type");
      refuseExcess(transfer, Number(answer2.header("content-length") ?? 0), url, contentType);
    },
    onChunk(chunk) {
      pace.came(chunk.length);
      refuseExcess(transfer, chunk.length, url, contentType);
      sink.append(chunk);
      pace.waits();
    }
  }).finally(pace.end);
  return { doubtful: resumed || !announcesEnd(answer), ...contentType && { contentType } };
}
function refuseExcess({ sink, maxBytes }, coming, url, contentType) {
  if (sink.size() + coming > maxBytes) throw tooLarge(showUrl(url), maxBytes, contentType);
}
var announcesEnd = ({ header }) => header("content-length") !== void 0 || header("transfer-encoding") !== void 0;
function resumeHeaders({ sink, origin, pinned }, url) {
  const validator = origin?.url === url.href ? origin.validator : void 0;
  if (sink.size() === 0 || validator === void 0 && !pinned) return {};
  return { range: `bytes=${sink.size()}-`, ...validator && { "if-range": validator } };
}
function begin(transfer, answer, url) {
  const resumed = answer.status === 206 && continues(transfer, answer, url);
  if (!resumed) {
    if (![200, 206, 416].includes(answer.status)) throw refusal(answer, url);
    if (transfer.sink.size() > 0) transfer.sink.restart();
    if (answer.status !== 200) {
      throw unreachable(`${showUrl(url)}: it changed while it was fetched.`, { again: true });
    }
  }
  remember(transfer, answer, url);
  return resumed;
}
function continues({ sink, origin }, answer, url) {
  const start = /^bytes (\d+)-/.exec(answer.header("content-range") ?? "")?.[1];
  const before = origin?.url === url.href ? origin.validator : void 0;
  const now = validatorOf(answer);
  return Number(start) === sink.size() && (!before || !now || before === now);
}
function remember(transfer, answer, url) {
  const validator = validatorOf(answer);
  if (validator) transfer.origin = { url: url.href, validator };
  else delete transfer.origin;
}
function validatorOf({ header }) {
  const tag = header("etag");
  return tag?.startsWith('"') ? tag : void 0;
}
var mayPass = /* @__PURE__ */ new Set([408, 425, 429, 500, 502, 503, 504]);
function refusal({ status }, url) {
  return unreachable(`${showUrl(url)}: the server answers ${status}${meaning(status)}.`, {
    again: mayPass.has(status),
    status,
    ...status === 404 || status === 410 ? { hint: goneHint } : {}
  });
}
var goneHint = "A mirror keeps current versions only: pin anew with `mkbase update`, or name a mirror that still has it with --mirror.";
function meaning(status) {
  if (status === 401 || status === 403) return " (not allowed)";
  if (status === 404 || status === 410) return " (not there)";
  if (status === 407) return " (the proxy wants a user and a password)";
  return "";
}

// src/store/transfer/receive.ts
async function receive(transfer, address, signal) {
  if (signal.aborted) throw interrupted(signal);
  const url = parse(address);
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener("abort", forward, { once: true });
  try {
    if (url.protocol === "file:") return await receiveFile(transfer, url, stop.signal);
    return await receiveHttp(transfer, url, stop);
  } catch (error) {
    const known = knownReason(error, signal, stop.signal);
    throw known ?? networkFailure(error, showUrl(url), transfer.sink.size());
  } finally {
    signal.removeEventListener("abort", forward);
    stop.abort();
  }
}
function knownReason(error, signal, stop) {
  if (signal.aborted) return interrupted(signal);
  if (error instanceof MkbaseError || error instanceof TransferFailure) return error;
  if (stop.reason instanceof TransferFailure) return stop.reason;
  return error instanceof Error && !("code" in error) ? error : void 0;
}
function parse(address) {
  const url = URL.canParse(address) ? new URL(address) : void 0;
  if (url && ["http:", "https:", "file:"].includes(url.protocol)) return url;
  throw unreachable(`${showUrl(address)}: not an http, https or file URL.`, { again: false });
}
var fileHint = "Check the path and its permissions.";
async function receiveFile({ sink, maxBytes }, url, signal) {
  const where = showUrl(url);
  const path = await regularFile(url).catch((error) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw unreachable(`${where}: ${reason}.`, { again: false, cause: error, hint: fileHint });
  });
  if (sink.size() > 0) sink.restart();
  for await (const chunk of createReadStream(path, { signal })) {
    if (sink.size() + chunk.length > maxBytes) throw tooLarge(where, maxBytes);
    sink.append(chunk);
  }
  return { doubtful: false };
}
async function regularFile(url) {
  const path = fileURLToPath(url);
  if (!(await stat2(path)).isFile()) throw new Error("not a regular file");
  return path;
}

// src/store/transfer/retry.ts
import { setTimeout as pause } from "node:timers/promises";
async function retry(attempt, reached, limits, io) {
  let furthest = 0;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransferFailure) || !error.again) throw error;
      if (reached() - furthest >= limits.worthwhileBytes) failures = 1;
      furthest = Math.max(furthest, reached());
      if (failures > limits.retries) throw error;
      io.emit({ type: "log", stage: "fetch", line: `${error.message} Trying again.` });
      await pauseFor(limits.firstPause * 2 ** (failures - 1), io.signal);
    }
  }
}
async function pauseFor(milliseconds, signal) {
  await pause(milliseconds, void 0, { signal }).catch(() => {
    throw interrupted(signal);
  });
}
async function firstOf(urls, attempt) {
  const failures = [];
  for (const url of urls) {
    try {
      return await attempt(url);
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      failures.push(error);
    }
  }
  throw noneOf(failures);
}
function noneOf(failures) {
  const telling = failures.find(({ code }) => code === "SOURCE_CORRUPT") ?? failures[0];
  if (telling === void 0) {
    return new MkbaseError({ code: "INTERNAL", message: "A download without any URL." });
  }
  const reasons = failures.map(({ message }) => message).join("\n");
  return new MkbaseError({
    code: telling.code,
    message: `Could not fetch ${reasons}`,
    hint: telling.hint,
    cause: telling
  });
}

// src/store/transfer/fetch-unpinned.ts
async function fetchUnpinned(url, sink, { maxBytes, offline }, network, io) {
  if (offline && !isLocal(url)) throw offlineError([{ urls: [url] }]);
  const transfer = { sink, maxBytes, pinned: false, network };
  const attempt = () => receive(transfer, url, io.signal);
  await firstOf([url], () => retry(attempt, sink.size, network.limits, io));
}
async function fetchBytes(url, options, network, io) {
  const { sink, bytes } = memorySink();
  await fetchUnpinned(url, sink, options, network, io);
  return bytes();
}
function memorySink() {
  let chunks2 = [];
  let size = 0;
  const sink = {
    size: () => size,
    append(chunk) {
      chunks2.push(chunk);
      size += chunk.length;
    },
    restart() {
      chunks2 = [];
      size = 0;
    }
  };
  return { sink, bytes: () => Buffer.concat(chunks2) };
}

// src/store/blobs/download-blob.ts
async function downloadBlob(download, layout, network, onBytes, io) {
  const writer = await BlobWriter.open(layout, download.sha256);
  onBytes(writer.size);
  try {
    await fill(writer, download, network, onBytes, io);
    return await writer.publish();
  } catch (error) {
    const full = error instanceof MkbaseError && error.code === "NO_SPACE";
    const kept = full ? writer.discard() : writer.shelve(download.sha256);
    await kept.catch(() => writer.discard());
    throw error;
  }
}
async function downloadUnpinned(url, layout, options, network, io) {
  const writer = await BlobWriter.open(layout);
  try {
    await fetchUnpinned(
      url,
      blobSink(writer, () => {
      }),
      options,
      network,
      io
    );
    return await writer.publish();
  } catch (error) {
    await writer.discard();
    throw error;
  }
}
async function fill(writer, download, network, onBytes, io) {
  const { limits } = network;
  const maxBytes = download.size ?? download.maxBytes ?? limits.maxBytes;
  const sink = blobSink(writer, onBytes);
  if (writer.sha256 === download.sha256) return;
  if (writer.size >= maxBytes) sink.restart();
  const transfer = { sink, maxBytes, pinned: true, network };
  const attempt = async (url) => {
    const received = await receive(transfer, url, io.signal);
    const failure = mismatch(writer, download, received, url);
    if (failure === void 0) return;
    if (!isCut(writer, download, received)) sink.restart();
    throw failure;
  };
  await firstOf(download.urls, (url) => retry(() => attempt(url), sink.size, limits, io));
}
var blobSink = (writer, onBytes) => ({
  size: () => writer.size,
  append(chunk) {
    writer.append(chunk);
    onBytes(chunk.length);
  },
  restart() {
    onBytes(-writer.size);
    writer.restart();
  }
});
var isCut = (writer, { size }, { doubtful }) => doubtful && size !== void 0 && writer.size < size;
function mismatch(writer, { sha256, size }, { doubtful, contentType }, url) {
  if (writer.sha256 === sha256 && (size === void 0 || size === writer.size)) return void 0;
  const expected = `${sha256}${size === void 0 ? "" : `, ${size} bytes`}`;
  return corrupt(
    [
      `${showUrl(url)}: not what was expected.`,
      `  expected sha256 ${expected}`,
      `  received sha256 ${writer.sha256}, ${writer.size} bytes${typed(contentType)}`
    ].join("\n"),
    { again: doubtful, hint: wrongBytesHint(contentType) }
  );
}

// src/store/blobs/fetch-all.ts
async function fetchAll(downloads, layout, { offline, network }, io) {
  const wanted = [...new Map(downloads.map((each) => [each.sha256, each])).values()];
  const find = async (each) => [each, await findStored(each, layout, io)];
  const found = await mapConcurrent(wanted, network.limits.concurrency, find, io);
  const missing2 = found.flatMap(([each, blob]) => blob === void 0 ? [each] : []);
  const fetched = await fetchMissing(offline ? localOnly(missing2) : missing2, layout, network, io);
  const blobs = /* @__PURE__ */ new Map();
  for (const blob of [...found.map(([, blob2]) => blob2), ...fetched]) {
    if (blob !== void 0) blobs.set(blob.sha256, blob);
  }
  return downloads.map(({ sha256 }) => blobs.get(sha256));
}
async function fetchMissing(missing2, layout, network, io) {
  if (missing2.length === 0) return [];
  const progress = trackProgress(totalOf(missing2), io.emit);
  const fetch = (download, group) => {
    const name = nameOf(download.urls[0] ?? "");
    const onBytes = (difference) => progress.moved(name, difference);
    return downloadBlob(download, layout, network, onBytes, group);
  };
  const fetched = await mapConcurrent(missing2, network.limits.concurrency, fetch, io);
  progress.finish();
  return fetched;
}
async function findStored({ sha256, size, urls }, layout, io) {
  const blob = await findBlob(layout, sha256, io);
  if (blob === void 0 || size === void 0 || blob.size === size) return blob;
  throw new MkbaseError({
    code: "SOURCE_CORRUPT",
    message: `${showUrl(urls[0] ?? sha256)}: the bytes with sha256 ${sha256} are ${blob.size} long; ${size} were expected.`,
    hint: "The lock or the index names a wrong size: pin anew with `mkbase update`."
  });
}
function localOnly(missing2) {
  const local = missing2.map((each) => ({ ...each, urls: each.urls.filter(isLocal) }));
  const remote = missing2.filter((_, index) => local[index]?.urls.length === 0);
  if (remote.length > 0) throw offlineError(remote);
  return local;
}
function totalOf(downloads) {
  return downloads.reduce(
    (total, { size }) => total === void 0 || size === void 0 ? void 0 : total + size,
    0
  );
}
var shortestInterval = 100;
function trackProgress(total, emit) {
  let done = 0;
  let last = Number.NEGATIVE_INFINITY;
  const report = (item) => emit({
    type: "progress",
    stage: "fetch",
    done,
    ...total !== void 0 && { total },
    ...item !== void 0 && { item }
  });
  return {
    moved(item, difference) {
      done += difference;
      const now = performance.now();
      if (now - last < shortestInterval) return;
      last = now;
      report(item);
    },
    finish: () => report()
  };
}

// src/store/transfer/agent.ts
var opened = /* @__PURE__ */ new WeakMap();
var lazyAgent = (env) => () => {
  const agent = opened.get(env) ?? openAgent(env);
  opened.set(env, agent);
  return agent;
};
async function openAgent(env) {
  const { EnvHttpProxyAgent } = (await import("./undici-6IHPDIPS.js")).default;
  const httpProxy = proxy(env, "http_proxy");
  const httpsProxy = proxy(env, "https_proxy");
  return new EnvHttpProxyAgent({
    proxyTunnel: false,
    // Undici reads the process's own environment for each that is left out.
    httpProxy: httpProxy ?? "",
    httpsProxy: httpsProxy ?? "",
    noProxy: env.no_proxy ?? env.NO_PROXY ?? ""
  });
}
function proxy(env, name) {
  const value = env[name] ?? env[name.toUpperCase()];
  if (!value) return void 0;
  const url = value.includes("://") ? value : `http://${value}`;
  if (URL.canParse(url)) return url;
  throw new MkbaseError({
    code: "USAGE",
    message: `The environment variable ${name} is not the URL of a proxy.`,
    hint: `Set it like this: ${name}=http://proxy.example:3128`
  });
}

// src/store/store.ts
async function openStore(folder, limits = defaultLimits, { env = {}, now } = {}) {
  const layout = layoutOf(folder);
  const network = { limits, agent: lazyAgent(env) };
  await makeLayout(layout);
  await sweepWorkspaces(layout.tmp, now);
  return {
    folder: layout.folder,
    verify: async (sha256, io) => await findBlob(layout, sha256, io) !== void 0,
    pathOf: (sha256) => blobPath(layout, sha256),
    read: (sha256) => readBlob(layout, sha256),
    write: (source, sha256) => writeBlob(layout, source, sha256),
    fetch: (downloads, { offline }, io) => fetchAll(downloads, layout, { offline, network }, io),
    fetchUnpinned: (url, options, io) => downloadUnpinned(url, layout, options, network, io),
    fetchBytes: (url, options, io) => fetchBytes(url, options, network, io)
  };
}

export {
  openStore
};
//# sourceMappingURL=chunk-KMI6PUJK.js.map
