import { MkbaseError } from '../../../base/errors.ts';
import type { Io } from '../../../base/events.ts';
import { mapConcurrent } from '../../../base/map-concurrent.ts';
import { platforms } from '../../../base/platform.ts';
import { fileBytes } from '../../../tar/content.ts';
import { engineFailed } from '../cli.ts';
import {
  type Client,
  type ImageDescription,
  type InspectedImage,
  readDescription,
  withAlgorithm,
} from '../client.ts';
import { docker } from '../dialect.ts';
import { type ApiRequest, type ApiResponse, askSocket, pathOf } from './request.ts';

/** A daemon's socket, and the version of the API that is spoken on it. */
export interface ApiSocket {
  /** Absolute path. */
  readonly socket: string;
  /** For instance `1.41`. */
  readonly version: string;
}

/** Makes ENGINE_FAILED or NO_SPACE of the daemon's own words. */
const failed = (doing: string, words: string): MkbaseError =>
  engineFailed(docker.name, doing, { stderr: words, problem: 'it did not answer' });

/** Returns the words of an answer that is an error: a JSON object with a message. */
function messageIn({ status, text }: ApiResponse): string {
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text.trim() || `the daemon answered ${status}`;
  }
}

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

function queryOf(query: Query): string {
  const words = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const each of value === undefined ? [] : [value].flat()) words.append(key, each);
  }
  return words.size === 0 ? '' : `?${words}`;
}

/** A request, and what it is for in the words of an error. */
interface Question extends Omit<ApiRequest, 'path'> {
  readonly doing: string;
  readonly path: string;
  readonly query?: Query;
}

/** Asks; ENGINE_FAILED where there is no answer, and for one that is an error but not that nothing is there. */
async function ask(
  { socket, version }: ApiSocket,
  { doing, path, query = {}, method, body }: Question,
  { signal }: Io,
): Promise<ApiResponse> {
  const request = { method, path: `/v${version}${path}${queryOf(query)}`, ...(body && { body }) };
  const response = await askSocket(socket, request, signal).catch((error: unknown) => {
    const { code, path: file } = error as NodeJS.ErrnoException;
    // Errors of the body's own are mkbase's or of its files.
    const isSocketError = code !== undefined && file === undefined;
    if (error instanceof MkbaseError || !isSocketError) throw error;
    throw failed(doing, (error as Error).message);
  });
  if (response.status < 400 || response.status === 404) return response;
  throw failed(doing, messageIn(response));
}

/** Reads a line or the whole of an answer; ENGINE_FAILED where it is no JSON. */
function parsed<T>(text: string, { doing }: Question): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw failed(doing, `the daemon answered: ${text.slice(0, 200)}`);
  }
}

/** Asks for something that has to be there; resolves to the text of the answer. */
async function expect(api: ApiSocket, question: Question, io: Io): Promise<string> {
  const response = await ask(api, question, io);
  if (response.status === 404) throw failed(question.doing, messageIn(response));
  return response.text;
}

/** One message of the stream that an import and a load answer with (Engine API, JSONMessage). */
interface Progress {
  readonly status?: string;
  readonly stream?: string;
  readonly error?: string;
}

/** Asks for work whose answer is a stream of messages; ENGINE_FAILED for one that tells an error. */
async function expectProgress(api: ApiSocket, question: Question, io: Io): Promise<Progress[]> {
  const lines = (await expect(api, question, io)).split('\n').filter((line) => line.trim() !== '');
  const messages = lines.map((line) => parsed<Progress>(line, question));
  const error = messages.find((message) => message.error !== undefined)?.error;
  if (error !== undefined) throw failed(question.doing, error);
  return messages;
}

/** Removes something; resolves to whether it was there. */
const remove = async (api: ApiSocket, question: Question, io: Io): Promise<boolean> =>
  (await ask(api, question, io)).status !== 404;

const filters = (key: string, value: string) => ({ filters: JSON.stringify({ [key]: [value] }) });

/** Splits `name:tag`; a colon before a slash is of a registry's port. */
function partsOf(reference: string): { readonly repo: string; readonly tag: string } {
  const at = reference.lastIndexOf(':');
  const isTagged = at > reference.lastIndexOf('/');
  return isTagged
    ? { repo: reference.slice(0, at), tag: reference.slice(at + 1) }
    : { repo: reference, tag: 'latest' };
}

interface Listed {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
}

/** Questions to the daemon that are open at the same time. */
const askedAtOnce = 4;

/** Makes the client that asks a Docker daemon on its socket (Engine API). */
export function socketClient(api: ApiSocket): Client {
  async function inspectImage(reference: string, io: Io): Promise<InspectedImage | undefined> {
    const doing = `looking for image ${reference}`;
    const question = { doing, method: 'GET', path: `/images/${pathOf(reference)}/json` } as const;
    const response = await ask(api, question, io);
    if (response.status === 404) return undefined;
    return readDescription(parsed<ImageDescription>(response.text, question));
  }
  async function list(query: Query, io: Io): Promise<Listed[]> {
    const question = {
      doing: 'listing images',
      method: 'GET',
      path: '/images/json',
      query,
    } as const;
    return parsed<Listed[]>(await expect(api, question, io), question);
  }
  const removing = (id: string, query: Query, doing: string) =>
    ({ doing, method: 'DELETE', path: `/images/${pathOf(id)}`, query }) as const;
  return {
    inspectImage,
    async inspectImages(ids, io) {
      const images = await mapConcurrent(ids, askedAtOnce, inspectImage, io);
      return images.filter((image) => image !== undefined);
    },
    async imageIds(filter, io) {
      const [key, value] =
        'label' in filter ? (['label', filter.label] as const) : (['dangling', 'true'] as const);
      return (await list(filters(key, value), io)).map(({ Id }) => Id);
    },
    imageTags: async (io) => (await list({}, io)).flatMap(({ RepoTags }) => RepoTags ?? []),
    async importImage(tar, { changes, message, platform }, io) {
      const name = platform && platforms[platform].name;
      const query = { fromSrc: '-', message, changes, platform: name };
      const path = '/images/create';
      const doing = 'importing an image';
      const told = await expectProgress(api, { doing, method: 'POST', path, query, body: tar }, io);
      return withAlgorithm(told.at(-1)?.status ?? '');
    },
    async loadImage(file, io) {
      const doing = `loading ${file}`;
      const body = fileBytes(file);
      const query = { quiet: '1' };
      const question = { doing, method: 'POST', path: '/images/load', query, body } as const;
      const told = await expectProgress(api, question, io);
      return told
        .map(({ stream }) => stream ?? '')
        .join('')
        .trim();
    },
    async tagImage(id, reference, io) {
      const doing = `tagging ${reference}`;
      const path = `/images/${pathOf(id)}/tag`;
      const query = partsOf(reference);
      await expect(api, { doing, method: 'POST', path, query }, io);
    },
    async untagImage(reference, io) {
      await remove(api, removing(reference, { noprune: '1' }, `taking tag ${reference} off`), io);
    },
    removeImage: (id, { force }, io) =>
      remove(api, removing(id, { force: force && '1' }, `removing image ${id}`), io),
    async containerNames(label, io) {
      const query = { all: '1', ...filters('label', label) };
      const doing = 'listing containers';
      const path = '/containers/json';
      const question = { doing, method: 'GET', path, query } as const;
      const answer = await expect(api, question, io);
      const found = parsed<{ readonly Names: readonly string[] }[]>(answer, question);
      return found.flatMap(({ Names }) => Names.map((name) => name.replace(/^\//, '')));
    },
    removeContainer(name, io) {
      const doing = `removing container ${name}`;
      const query = { force: '1' };
      return remove(
        api,
        { doing, method: 'DELETE', path: `/containers/${pathOf(name)}`, query },
        io,
      );
    },
  };
}
