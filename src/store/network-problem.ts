import { type TransferFailure, unreachable } from './failure.ts';

interface Problem {
  readonly text: string;
  readonly again: boolean;
  readonly hint?: string;
}

/** By errno (Node's net and dns) or undici's code; any other is worth another attempt. */
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

/** undici tells of a proxy that answers 407 only in words. */
function problemOf(code: string, message: string): Problem {
  if (message.includes('(407)')) return proxyRefusal;
  if (isCertificateError(code)) {
    return { text: `its certificate is refused (${code})`, again: false, hint: certificateHint };
  }
  return problems[code] ?? { text: withoutSecrets(message || code), again: true };
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

const withoutSecrets = (message: string): string => message.replace(/\/\/[^/\s]*@/g, '//');
