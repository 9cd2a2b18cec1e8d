import { type YamlNode, yamlDocuments } from '../../../recipe/yaml-records.ts';
import { badMetadata } from './xml.ts';

/** One build of a stream of a module (libmodulemd, modulemd version 2). */
export interface ModuleStream {
  readonly name: string;
  readonly stream: string;
  readonly version: string;
  readonly context: string;
  readonly arch: string;
  /** Names of packages by the name of a profile. */
  readonly profiles: ReadonlyMap<string, readonly string[]>;
  /** Packages of the stream as `name-epoch:version-release.arch`. */
  readonly artifacts: readonly string[];
}

/** The modules of a repository: their streams, and the stream that each has where none is asked for. */
export interface Modules {
  readonly streams: readonly ModuleStream[];
  readonly defaults: ReadonlyMap<string, string>;
}

const at = (node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined =>
  path.reduce((found, name) => found?.fields?.get(name), node);

const texts = (node: YamlNode | undefined): string[] =>
  (node?.items ?? []).flatMap(({ text }) => text ?? []);

function required(data: YamlNode | undefined, name: string): string {
  const { text } = at(data, name) ?? {};
  if (text === undefined || text === '') throw new SyntaxError(`a module has no ${name}`);
  return text;
}

function moduleStream(data: YamlNode | undefined): ModuleStream {
  const profiles = at(data, 'profiles')?.fields ?? new Map<string, YamlNode>();
  return {
    name: required(data, 'name'),
    stream: required(data, 'stream'),
    version: required(data, 'version'),
    context: required(data, 'context'),
    arch: required(data, 'arch'),
    profiles: new Map([...profiles].map(([name, node]) => [name, texts(at(node, 'rpms'))])),
    artifacts: texts(at(data, 'artifacts', 'rpms')),
  };
}

/**
 * Reads an unpacked modules.yaml, whose hash the caller has checked: streams and defaults; documents of
 * other kinds are left out. Throws SOURCE_CORRUPT.
 */
export function readModules(text: string, what: string): Modules {
  const streams: ModuleStream[] = [];
  const defaults = new Map<string, string>();
  try {
    for (const document of yamlDocuments(text)) {
      const kind = at(document, 'document')?.text;
      const data = at(document, 'data');
      if (kind === 'modulemd') streams.push(moduleStream(data));
      if (kind !== 'modulemd-defaults') continue;
      const stream = at(data, 'stream')?.text;
      if (stream !== undefined) defaults.set(required(data, 'module'), stream);
    }
    return { streams, defaults };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw badMetadata(what, error.message, error);
  }
}
