import { createRequire as mkbaseCreateRequire } from 'node:module'; const require = mkbaseCreateRequire(import.meta.url);
import {
  nameOf,
  showUrl
} from "./chunk-7SZXV43M.js";
import {
  MkbaseError,
  interrupted
} from "./chunk-BYUPOKH5.js";

// src/store/transfer/failure.ts
var networkHint = "Check the network and the proxy settings (http_proxy, https_proxy, no_proxy), or name another mirror with --mirror.";
var TransferFailure = class extends Error {
  code;
  again;
  hint;
  status;
  constructor(code, message, details) {
    super(message, { cause: details.cause });
    this.name = "TransferFailure";
    this.code = code;
    this.again = details.again;
    this.hint = details.hint ?? networkHint;
    this.status = details.status;
  }
};
var unreachable = (message, details) => new TransferFailure("SOURCE_UNREACHABLE", message, details);
var corrupt = (message, details) => new TransferFailure("SOURCE_CORRUPT", message, details);
var tooLarge = (where, maxBytes, contentType) => corrupt(`${where}: larger than the ${maxBytes} bytes it may have${typed(contentType)}.`, {
  again: false,
  hint: wrongBytesHint(contentType)
});
var typed = (contentType) => contentType ? ` (${contentType.replace(/[^\w/+.;= -]/g, "?").slice(0, 80)})` : "";
var wrongBytesHint = (contentType) => contentType?.startsWith("text/html") ? "A web page came in its place: a captive portal may need a login, or a proxy is in the way." : "The mirror may be in the middle of an update: try again later, or name another with --mirror.";
var problems = {
  ENOTFOUND: { text: "there is no host of that name", again: false },
  EAI_AGAIN: { text: "the name service does not answer", again: true },
  ECONNREFUSED: { text: "the connection was refused", again: false },
  ECONNRESET: { text: "the connection was cut", again: true },
  EPIPE: { text: "the connection was cut", again: true },
  ENETUNREACH: { text: "the network cannot be reached", again: true },
  EHOSTUNREACH: { text: "the host cannot be reached", again: true },
  ETIMEDOUT: { text: "the host does not answer", again: true },
  UND_ERR_SOCKET: { text: "the connection was cut", again: true },
  UND_ERR_CONNECT_TIMEOUT: { text: "the host does not answer", again: true }
};
var certificateHint = "Check the clock; behind a proxy that opens TLS, name its certificate authority in NODE_EXTRA_CA_CERTS.";
var isCertificateError = (code) => /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
var proxyRefusal = {
  text: "the proxy wants a user and a password, or another one",
  again: false,
  hint: "Put them into the URL of the proxy: http_proxy=http://user:password@proxy.example:3128"
};
function problemOf(code, message) {
  if (message.includes("(407)")) return proxyRefusal;
  if (isCertificateError(code)) {
    return { text: `its certificate is refused (${code})`, again: false, hint: certificateHint };
  }
  return problems[code] ?? { text: withoutSecrets(message || code), again: true };
}
function networkFailure(error, where, size = 0) {
  const { code = "", message = String(error) } = error;
  const { text, again, hint } = problemOf(code, message);
  const after = size > 0 ? ` after ${size} bytes` : "";
  return unreachable(`${where}: ${text}${after}.`, { again, cause: error, ...hint && { hint } });
}
var withoutSecrets = (message) => message.replace(/\/\/[^/\s]*@/g, "//");
var isLocal = (url) => url.startsWith("file:");
var namedAtMost = 10;
function offlineError(missing) {
  const lines = missing.slice(0, namedAtMost).map(({ urls: [url = ""] }) => `
  ${nameOf(url)} (${showUrl(url)})`);
  const more = missing.length > namedAtMost ? `
  and ${missing.length - namedAtMost} more` : "";
  return new MkbaseError({
    code: "OFFLINE",
    message: `Not in the store, and the network may not be used:${lines.join("")}${more}`,
    hint: "Run once without --offline to fetch what is missing."
  });
}
function isAbsent(error) {
  if (!(error instanceof MkbaseError) || !(error.cause instanceof TransferFailure)) return false;
  const { status, cause } = error.cause;
  return [404, 410].includes(status ?? 0) || cause?.code === "ENOENT";
}

// src/base/map-concurrent.ts
import { setMaxListeners } from "node:events";

// node_modules/yocto-queue/index.js
var Node = class {
  value;
  next;
  constructor(value) {
    this.value = value;
  }
};
var Queue = class {
  #head;
  #tail;
  #size;
  constructor() {
    this.clear();
  }
  enqueue(value) {
    const node = new Node(value);
    if (this.#head) {
      this.#tail.next = node;
      this.#tail = node;
    } else {
      this.#head = node;
      this.#tail = node;
    }
    this.#size++;
  }
  dequeue() {
    const current = this.#head;
    if (!current) {
      return;
    }
    this.#head = this.#head.next;
    this.#size--;
    if (!this.#head) {
      this.#tail = void 0;
    }
    return current.value;
  }
  peek() {
    if (!this.#head) {
      return;
    }
    return this.#head.value;
  }
  clear() {
    this.#head = void 0;
    this.#tail = void 0;
    this.#size = 0;
  }
  get size() {
    return this.#size;
  }
  *[Symbol.iterator]() {
    let current = this.#head;
    while (current) {
      yield current.value;
      current = current.next;
    }
  }
  *drain() {
    while (this.#head) {
      yield this.dequeue();
    }
  }
};

// node_modules/p-limit/index.js
function pLimit(concurrency) {
  let rejectOnClear = false;
  if (typeof concurrency === "object") {
    ({ concurrency, rejectOnClear = false } = concurrency);
  }
  validateConcurrency(concurrency);
  if (typeof rejectOnClear !== "boolean") {
    throw new TypeError("Expected `rejectOnClear` to be a boolean");
  }
  const queue = new Queue();
  let activeCount = 0;
  const resumeNext = () => {
    if (activeCount < concurrency && queue.size > 0) {
      activeCount++;
      queue.dequeue().run();
    }
  };
  const next = () => {
    activeCount--;
    resumeNext();
  };
  const run = async (function_, resolve, arguments_) => {
    const result = (async () => function_(...arguments_))();
    resolve(result);
    try {
      await result;
    } catch {
    }
    next();
  };
  const enqueue = (function_, resolve, reject, arguments_) => {
    const queueItem = { reject };
    new Promise((internalResolve) => {
      queueItem.run = internalResolve;
      queue.enqueue(queueItem);
    }).then(run.bind(void 0, function_, resolve, arguments_));
    if (activeCount < concurrency) {
      resumeNext();
    }
  };
  const generator = (function_, ...arguments_) => new Promise((resolve, reject) => {
    enqueue(function_, resolve, reject, arguments_);
  });
  Object.defineProperties(generator, {
    activeCount: {
      get: () => activeCount
    },
    pendingCount: {
      get: () => queue.size
    },
    clearQueue: {
      value() {
        if (!rejectOnClear) {
          queue.clear();
          return;
        }
        const abortError = AbortSignal.abort().reason;
        while (queue.size > 0) {
          queue.dequeue().reject(abortError);
        }
      }
    },
    concurrency: {
      get: () => concurrency,
      set(newConcurrency) {
        validateConcurrency(newConcurrency);
        concurrency = newConcurrency;
        queueMicrotask(() => {
          while (activeCount < concurrency && queue.size > 0) {
            resumeNext();
          }
        });
      }
    },
    map: {
      async value(iterable, function_) {
        const promises = [];
        try {
          Array.from(iterable, (value, index) => {
            const promise = generator(function_, value, index);
            promises.push(promise);
            return promise;
          });
        } catch (error) {
          for (const promise of promises) {
            promise.catch(() => {
            });
          }
          throw error;
        }
        return Promise.all(promises);
      }
    }
  });
  return generator;
}
function validateConcurrency(concurrency) {
  if (!((Number.isInteger(concurrency) || concurrency === Number.POSITIVE_INFINITY) && concurrency > 0)) {
    throw new TypeError("Expected `concurrency` to be a number from 1 and up");
  }
}

// src/base/map-concurrent.ts
async function mapConcurrent(items, concurrency, task, { emit, signal }) {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const forward = () => stop.abort(interrupted(signal));
  signal.addEventListener("abort", forward, { once: true });
  if (signal.aborted) forward();
  const limit = pLimit(concurrency);
  const run = async (item) => {
    stop.signal.throwIfAborted();
    return task(item, { emit, signal: stop.signal });
  };
  const running = items.map((item) => limit(run, item));
  for (const each of running) each.catch((error) => stop.abort(error));
  try {
    return await Promise.all(running);
  } catch (error) {
    await Promise.allSettled(running);
    throw error;
  } finally {
    signal.removeEventListener("abort", forward);
  }
}

export {
  TransferFailure,
  unreachable,
  corrupt,
  tooLarge,
  typed,
  wrongBytesHint,
  networkFailure,
  isLocal,
  offlineError,
  isAbsent,
  mapConcurrent
};
//# sourceMappingURL=chunk-CGY25BUW.js.map
