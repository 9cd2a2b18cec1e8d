import type { Agent } from './agent.ts';

/** Limits on the cost of a server's misbehaviour. Times in milliseconds. */
export interface DownloadLimits {
  readonly concurrency: number;
  /** Further attempts after one that brought less than `worthwhileBytes`. */
  readonly retries: number;
  /** Pause before the first further attempt; each later one is twice as long. */
  readonly firstPause: number;
  /** An attempt that got at least this much further starts the count of attempts anew. */
  readonly worthwhileBytes: number;
  readonly redirects: number;
  /** Longest wait for an answer to begin, and between two chunks of it. */
  readonly idle: number;
  /** Over each such stretch of waiting, at least `slowestBytesPerSecond` must have come. */
  readonly slowStretch: number;
  readonly slowestBytesPerSecond: number;
  /** Most bytes of a download that states neither `size` nor `maxBytes`. */
  readonly maxBytes: number;
}

export const defaultLimits: DownloadLimits = {
  concurrency: 8,
  retries: 4,
  firstPause: 500,
  worthwhileBytes: 1024 * 1024,
  redirects: 5,
  idle: 30_000,
  slowStretch: 60_000,
  slowestBytesPerSecond: 1024,
  maxBytes: 4 * 1024 ** 3,
};

/** The means of downloads over the network. */
export interface Network {
  readonly limits: DownloadLimits;
  readonly agent: Agent;
}

/** Takes a transfer's bytes; the bytes that it holds already are a beginning to go on from. */
export interface Sink {
  size(): number;
  append(chunk: Uint8Array): void;
  /** Forgets all bytes. */
  restart(): void;
}

/** One download, over all of its attempts. */
export interface Transfer {
  readonly sink: Sink;
  /** Most bytes that the sink may hold. */
  readonly maxBytes: number;
  /** The bytes' hash is known: a beginning may be continued even from another version or mirror. */
  readonly pinned: boolean;
  /** The recipe says where the file is: nothing but another word in the recipe finds it elsewhere. */
  readonly byRecipe?: boolean;
  /** An Authorization header for the URL's own origin. */
  readonly authorization?: string | undefined;
  readonly network: Network;
  /** The URL that the sink's bytes came from, and its strong validator (RFC 9110, 8.8). */
  origin?: { readonly url: string; readonly validator: string };
}

/** An attempt that came to its end. */
export interface Received {
  /** Not one whole answer, from its first byte to an end that the server had announced. */
  readonly doubtful: boolean;
  readonly contentType?: string;
}
