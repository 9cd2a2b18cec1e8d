import { constants } from 'node:os';
import { isEmpty, type JsonRecord, list, record, text } from '../base/json.ts';
import { type Difference, differences } from '../base/json-differences.ts';
import type { Image } from '../image/image.ts';
import type { FoundImage } from './image/found-image.ts';
import type { Check } from './report.ts';

const from = 'provenance.json';

/** Returns the config that the recipe makes. */
const configOf = ({ config }: Image): JsonRecord =>
  JSON.parse(Buffer.from(config.bytes).toString('utf8'));

/**
 * Returns whether an image looks as if an engine had imported it: the engine then wrote a history of its
 * own. An attacker can make any config look so; it is compared field by field all the same.
 */
export const isImported = ({ config }: FoundImage): boolean =>
  !text(record(list(config?.history)[0]).created_by).startsWith('mkbase ');

/** Matches the mark by which mkbase finds its own import again; nothing in the image depends on it. */
const ownMark = / \(mkbase-[0-9a-f]+-\d+-\d+-\d+-[0-9a-f]{12}\)$/;

/** Matches what podman writes as the instruction of an import; docker writes none. */
const podmanImport = /^\/bin\/sh -c #\(nop\) ADD file:[0-9a-f]{64} in \/ ?$/;

/** Drops empty fields: Go writes null, false, '' and {} where nothing is set, and 0 in a health check. */
const filled = (value: unknown): JsonRecord =>
  Object.fromEntries(
    Object.entries(record(value)).filter(([, each]) => !isEmpty(each) && each !== 0),
  );

/** Returns a signal's number as text: podman writes `15` for SIGTERM. */
function signalNumber(value: unknown): unknown {
  const name = text(value).toUpperCase();
  const number = (constants.signals as Readonly<Record<string, number>>)[
    name.startsWith('SIG') ? name : `SIG${name}`
  ];
  return number === undefined ? value : String(number);
}

/** Brings settings into one form, in which equal ones are equal whoever wrote them. */
function normalSettings(settings: unknown): JsonRecord {
  const { StopSignal, Healthcheck, ...rest } = filled(settings);
  return {
    ...rest,
    ...(StopSignal !== undefined && { StopSignal: signalNumber(StopSignal) }),
    ...(Healthcheck !== undefined && { Healthcheck: filled(Healthcheck) }),
  };
}

/**
 * Returns everything in a config that an import does not write anew. Of the history only the line that
 * mkbase gives the import stays; the time, the version of Docker and the instruction are the engine's.
 */
function normalConfig(value: JsonRecord): JsonRecord {
  const { created: _created, docker_version: _version, config, comment, history, ...rest } = value;
  const lines = list(history).map((each) => {
    const { created: _time, created_by, ...line } = filled(each);
    const isEngines = created_by === undefined || podmanImport.test(text(created_by));
    const said = text(line.comment).replace(ownMark, '');
    return filled({ ...line, comment: said, ...(!isEngines && { created_by }) });
  });
  const { container_config, ...others } = rest;
  const own = list(history).length === 1 && comment === record(list(history)[0]).comment;
  return {
    ...filled({ ...others, container_config: filled(container_config) }),
    ...(!own && filled({ comment })),
    config: normalSettings(config),
    history: lines,
  };
}

/** Fields that some engine's import drops, as OCI's config or its own has no such field. */
const droppable = ['config.Healthcheck', 'config.StopSignal', 'variant'];

const isDropped = ({ field, claimed }: Difference): boolean =>
  claimed === 'nothing' && droppable.includes(field);

/**
 * Checks an image's config against the one that its recipe, platform and epoch make: all of it. If an
 * engine imported the image, both are brought into one form, and a field that engines drop may be absent,
 * but may not have another value. Without an intended image the recipe in the provenance is at fault.
 */
export function checkConfig({ file, config = {} }: FoundImage, intended: Image | undefined): Check {
  const what = `the config in ${file} against the recipe in ${from}`;
  if (intended === undefined) {
    const claimed = 'a recipe, platform or epoch that makes no image';
    const computed = 'those of the build';
    return { what, mismatches: [{ file: from, field: 'predicate', claimed, computed }] };
  }
  const wanted = configOf(intended);
  const at = (found: readonly Difference[]) =>
    found.map((each) => ({ file: `${file}: config`, ...each, from }));
  if (!isImported({ file, config })) {
    return { what, mismatches: at(differences(config, wanted)) };
  }
  const [own, ...more] = list(wanted.history).map(record);
  const { created_by: _by, ...line } = own ?? {};
  const asImported = { ...wanted, history: [line, ...more] };
  const found = differences(normalConfig(config), normalConfig(asImported));
  const dropped = found.filter(isDropped).map(({ field }) => field);
  const without =
    dropped.length === 0 ? '' : `, without ${dropped.join(' and ')}, which the engine dropped`;
  return {
    what: `${what}, as far as an import keeps it${without}`,
    mismatches: at(found.filter((each) => !isDropped(each))),
  };
}
