import { MkbaseError } from '../../base/errors.ts';
import { nameOf, showUrl, withoutUrlSecrets } from '../show-url.ts';

interface FailureDetails {
  /** The same URL may do better in a moment. */
  readonly again: boolean;
  readonly hint?: string;
  /** The HTTP status, where that is the reason. */
  readonly status?: number;
  /** Milliseconds that the server asks to wait for before another attempt. */
  readonly wait?: number;
  readonly cause?: unknown;
}

const networkHint =
  'Check the network and the proxy settings (http_proxy, https_proxy, no_proxy), or name another mirror with --mirror.';

/** An attempt at a URL that failed. Messages show URLs as `showUrl` does. */
export class TransferFailure extends Error {
  readonly code: 'SOURCE_UNREACHABLE' | 'SOURCE_CORRUPT';
  readonly again: boolean;
  readonly hint: string;
  readonly status: number | undefined;
  readonly wait: number;

  constructor(code: TransferFailure['code'], message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.name = 'TransferFailure';
    this.code = code;
    this.again = details.again;
    this.hint = details.hint ?? networkHint;
    this.status = details.status;
    this.wait = details.wait ?? 0;
  }
}

/** Statuses of answers that the same request may not get in a moment (RFC 9110, 15). */
export const mayPass: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Makes the failure of an attempt that brought no bytes, or not all. */
export const unreachable = (message: string, details: FailureDetails) =>
  new TransferFailure('SOURCE_UNREACHABLE', message, details);

/** Makes the failure of an attempt that brought other bytes than those asked for. */
export const corrupt = (message: string, details: FailureDetails) =>
  new TransferFailure('SOURCE_CORRUPT', message, details);

/** Makes the failure of an attempt that brought or announced more bytes than are allowed. */
export const tooLarge = (where: string, maxBytes: number, contentType?: string) =>
  corrupt(`${where}: larger than the ${maxBytes} bytes it may have${typed(contentType)}.`, {
    again: false,
    hint: wrongBytesHint(contentType),
  });

/**
 * Shows a media type, with only the characters that one may hold: servers choose it (RFC 9110,
 * 8.3.1).
 */
export const typed = (contentType: string | undefined): string =>
  contentType ? ` (${contentType.replace(/[^\w/+.;= -]/g, '?').slice(0, 80)})` : '';

export const wrongBytesHint = (contentType: string | undefined): string =>
  contentType?.startsWith('text/html')
    ? 'A web page came in its place: a captive portal may need a login, or a proxy is in the way.'
    : 'The mirror may be in the middle of an update: try again later, or name another with --mirror.';

interface Problem {
  readonly text: string;
  readonly again: boolean;
  readonly hint?: string;
}

/** Problems by errno (Node's net and dns) or undici's code; any other is worth another attempt. */
const problems: Readonly<Record<string, Problem>> = {
  ENOTFOUND: { text: 'there is no host of that name', again: false },
  EAI_AGAIN: { text: 'the name service does not answer', again: true },
  ECONNREFUSED: { text: 'the connection was refused', again: false },
  ECONNRESET: { text: 'the connection was cut', again: true },
  EPIPE: { text: 'the connection was cut', again: true },
  ENETUNREACH: { text: 'the network cannot be reached', again: true },
  EHOSTUNREACH: { text: 'the host cannot be reached', again: true },
  ETIMEDOUT: { text: 'the host does not answer', again: true },
  UND_ERR_SOCKET: { text: 'the connection was cut', again: true },
  UND_ERR_CONNECT_TIMEOUT: { text: 'the host does not answer', again: true },
};

const certificateHint =
  'Check the clock; behind a proxy that opens TLS, name its certificate authority in NODE_EXTRA_CA_CERTS.';

const isCertificateError = (code: string): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);

const proxyRefusal: Problem = {
  text: 'the proxy wants a user and a password, or another one',
  again: false,
  hint: 'Put them into the URL of the proxy: http_proxy=http://user:password@proxy.example:3128',
};

/** Finds the problem by its code; undici tells only in words of a proxy that answers 407. */
function problemOf(code: string, message: string): Problem {
  if (message.includes('(407)')) return proxyRefusal;
  if (isCertificateError(code)) {
    return { text: `its certificate is refused (${code})`, again: false, hint: certificateHint };
  }
  return problems[code] ?? { text: withoutUrlSecrets(message || code), again: true };
}

/**
 * Puts an error of the network below HTTP into words. `where` is a URL that may be shown; `size` is
 * how many bytes had come.
 */
export function networkFailure(error: unknown, where: string, size = 0): TransferFailure {
  const { code = '', message = String(error) } = error as { code?: string; message?: string };
  const { text, again, hint } = problemOf(code, message);
  const after = size > 0 ? ` after ${size} bytes` : '';
  return unreachable(`${where}: ${text}${after}.`, { again, cause: error, ...(hint && { hint }) });
}

/** Tells whether a URL can be read without the network. */
export const isLocal = (url: string): boolean => url.startsWith('file:');

const namedAtMost = 10;

/** Makes the error of downloads that need the network when it may not be used. */
export function offlineError(
  missing: readonly { readonly urls: readonly string[] }[],
): MkbaseError {
  const lines = missing
    .slice(0, namedAtMost)
    .map(({ urls: [url = ''] }) => `\n  ${nameOf(url)} (${showUrl(url)})`);
  const more = missing.length > namedAtMost ? `\n  and ${missing.length - namedAtMost} more` : '';
  return new MkbaseError({
    code: 'OFFLINE',
    message: `Not in the store, and the network may not be used:${lines.join('')}${more}`,
    hint: 'Run once without --offline to fetch what is missing.',
  });
}

/** Says whether a mirror answered that it does not have something; one that does not answer says nothing. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof MkbaseError) || !(error.cause instanceof TransferFailure)) return false;
  const { status, cause } = error.cause;
  return [404, 410].includes(status ?? 0) || (cause as NodeJS.ErrnoException)?.code === 'ENOENT';
}
