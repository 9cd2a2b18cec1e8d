import { MkbaseError } from '../base/errors.ts';

interface FailureDetails {
  /** Whether the same URL may do better in a moment. */
  readonly again: boolean;
  readonly hint?: string;
  /** HTTP status, where that is the reason. */
  readonly status?: number;
  readonly cause?: unknown;
}

const networkHint =
  'Check the network and the proxy settings (http_proxy, https_proxy, no_proxy), or name another mirror with --mirror.';

/** Why an attempt at a URL brought nothing. Messages show URLs without their user part. */
export class TransferFailure extends Error {
  readonly code: 'SOURCE_UNREACHABLE' | 'SOURCE_CORRUPT';
  readonly again: boolean;
  readonly hint: string;
  readonly status: number | undefined;

  constructor(code: TransferFailure['code'], message: string, details: FailureDetails) {
    super(message, { cause: details.cause });
    this.name = 'TransferFailure';
    this.code = code;
    this.again = details.again;
    this.hint = details.hint ?? networkHint;
    this.status = details.status;
  }
}

/** The bytes could not be had. */
export const unreachable = (message: string, details: FailureDetails) =>
  new TransferFailure('SOURCE_UNREACHABLE', message, details);

/** Other bytes came than those asked for. */
export const corrupt = (message: string, details: FailureDetails) =>
  new TransferFailure('SOURCE_CORRUPT', message, details);

/** More came, or was announced, than there may be. */
export const tooLarge = (where: string, maxBytes: number, contentType?: string) =>
  corrupt(`${where}: larger than the ${maxBytes} bytes it may have${typed(contentType)}.`, {
    again: false,
    hint: wrongBytesHint(contentType),
  });

/** Servers choose the text, so only what a media type may hold is shown (RFC 9110, 8.3.1). */
export const typed = (contentType: string | undefined): string =>
  contentType ? ` (${contentType.replace(/[^\w/+.;= -]/g, '?').slice(0, 80)})` : '';

export const wrongBytesHint = (contentType: string | undefined): string =>
  contentType?.startsWith('text/html')
    ? 'A web page came in its place: a captive portal may need a login, or a proxy is in the way.'
    : 'The mirror may be in the middle of an update: try again later, or name another with --mirror.';

/** Says whether a mirror answered that it does not have something; one that does not answer says nothing. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof MkbaseError) || !(error.cause instanceof TransferFailure)) return false;
  const { status, cause } = error.cause;
  return [404, 410].includes(status ?? 0) || (cause as NodeJS.ErrnoException)?.code === 'ENOENT';
}
