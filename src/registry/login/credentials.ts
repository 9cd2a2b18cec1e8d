import { join } from 'node:path';
import { MkbaseError } from '../../base/errors.ts';
import { isRecord, type JsonRecord, record, text } from '../../base/json.ts';
import { readRegular } from '../../base/regular-file.ts';
import { runCommand } from '../../base/run-command.ts';
import type { Environment } from '../../store/transfer/agent.ts';
import { credentialKeys, helperKey } from '../remote-reference.ts';

/** The proof of who asks, as docker keeps it. */
export type Credentials =
  | { readonly kind: 'password'; readonly user: string; readonly password: string }
  /** A refresh token, which a token server takes in place of a password (OAuth 2.0). */
  | { readonly kind: 'identity'; readonly token: string }
  /** A token that the registry itself takes. */
  | { readonly kind: 'bearer'; readonly token: string };

/** Credentials, if there are any, and the place where they were looked for. */
export interface FoundCredentials {
  readonly credentials: Credentials | undefined;
  /** For messages: `/home/me/.docker/config.json`, or a helper's name. */
  readonly from: string;
}

const mostBytes = 1024 ** 2;

/** Returns the path of docker's configuration of a user. */
export const dockerConfigFile = (env: Environment): string =>
  join(env.DOCKER_CONFIG || join(env.HOME ?? '/', '.docker'), 'config.json');

const badConfig = (file: string, why: string, cause?: unknown) =>
  new MkbaseError({
    code: 'REGISTRY_DENIED',
    message: `${file}: ${why}, so that no credentials can be read from it.`,
    hint: 'Correct it, or log in again with `docker login`; DOCKER_CONFIG names another folder.',
    cause,
  });

/** Reads docker's configuration; an empty one where there is none. Errors: REGISTRY_DENIED, IO. */
async function readConfig(file: string): Promise<JsonRecord> {
  const bytes = await readRegular(file, { most: mostBytes, follow: true });
  if (bytes === undefined) return {};
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (isRecord(value)) return value;
  } catch (error) {
    // The parser's own words could quote a secret.
    throw badConfig(file, 'it is no JSON', error instanceof SyntaxError ? undefined : error);
  }
  throw badConfig(file, 'it is no JSON object');
}

/** Reads one entry of `auths`. */
function entryOf(entry: JsonRecord, file: string, key: string): Credentials | undefined {
  const { identitytoken, registrytoken, auth, username, password } = entry;
  if (text(registrytoken) !== '') return { kind: 'bearer', token: text(registrytoken) };
  if (text(identitytoken) !== '') return { kind: 'identity', token: text(identitytoken) };
  if (text(auth) !== '') {
    const pair = Buffer.from(text(auth), 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    if (colon === -1) throw badConfig(file, `the "auth" of ${key} is not user:password in base64`);
    return { kind: 'password', user: pair.slice(0, colon), password: pair.slice(colon + 1) };
  }
  if (text(username) === '') return undefined;
  return { kind: 'password', user: text(username), password: text(password) };
}

function inFile(config: JsonRecord, file: string, domain: string): Credentials | undefined {
  const auths = record(config.auths);
  for (const key of credentialKeys(domain)) {
    if (!Object.hasOwn(auths, key)) continue;
    const found = entryOf(record(auths[key]), file, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Returns the helper that the configuration names for a registry; undefined for none. */
function helperFor(config: JsonRecord, domain: string): string | undefined {
  const helpers = record(config.credHelpers);
  const key = credentialKeys(domain).find((each) => Object.hasOwn(helpers, each));
  const name = key === undefined ? text(config.credsStore) : text(helpers[key]);
  return name === '' ? undefined : name;
}

const helperSeconds = 60;

const helperFailed = (program: string, domain: string, why: string) =>
  new MkbaseError({
    code: 'REGISTRY_DENIED',
    message: `The credential helper ${program} does not give the credentials for ${domain}: ${why}.`,
    hint: `Try it by hand: echo ${helperKey(domain)} | ${program} get. Or log in again, or take it out of docker's config.json.`,
  });

/** The words with which each helper says that it has nothing (docker-credential-helpers, credentials/error.go). */
const notFound = /credentials not found/i;

/** Asks a helper (docker-credential-helpers, "Development"). Errors: REGISTRY_DENIED. */
async function askHelper(
  name: string,
  domain: string,
  env: Environment,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!/^[A-Za-z0-9._-]+$/.test(name)) throw helperFailed(program, domain, 'that is no name');
  const result = await runCommand({
    file: program,
    args: ['get'],
    input: helperKey(domain),
    env,
    timeoutSeconds: helperSeconds,
    signal,
  });
  if (!result.ok) {
    if (notFound.test(result.stdout) || notFound.test(result.stderr)) return undefined;
    const words = result.stderr.trim() || result.stdout.trim() || result.problem;
    const why = result.notFound ? 'it is not installed' : words.split('\n')[0]!.slice(0, 200);
    throw helperFailed(program, domain, why);
  }
  const answer = parsedAnswer(result.stdout);
  if (answer === undefined) throw helperFailed(program, domain, 'its answer is no JSON');
  const [user, secret] = [text(answer.Username), text(answer.Secret)];
  if (user === '<token>') return { kind: 'identity', token: secret };
  return user === '' && secret === '' ? undefined : { kind: 'password', user, password: secret };
}

function parsedAnswer(stdout: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(stdout);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Finds the credentials for a registry where docker has them: a helper for this registry, the one for all, or
 * the file itself. Errors: REGISTRY_DENIED, IO.
 */
export async function findCredentials(
  domain: string,
  env: Environment,
  signal: AbortSignal,
): Promise<FoundCredentials> {
  const file = dockerConfigFile(env);
  const config = await readConfig(file);
  const helper = helperFor(config, domain);
  if (helper === undefined) return { credentials: inFile(config, file, domain), from: file };
  const credentials = await askHelper(helper, domain, env, signal);
  return {
    credentials: credentials ?? inFile(config, file, domain),
    from: `docker-credential-${helper}`,
  };
}
