import { type JsonRecord, list, record } from '../base/json.ts';
import { inputSets } from '../lock/inputs.ts';
import type { Lock } from '../lock/schema.ts';
import { recordedCompressions } from './recorded-forms.ts';
import { type Check, counted } from './report.ts';
import { versionIn } from './told-recipe.ts';
import { stepsIn } from './told-steps.ts';

const word = (what: string, claimed: string): Check => ({ what, mismatches: [], claimed });

/** Returns a claim that a rebuild bears out. */
const told = (what: string, claimed: string): Check => ({
  ...word(what, claimed),
  toldByRebuild: true,
});

function outcomes(results: unknown): Check[] {
  const { passed } = record(record(results).annotations);
  if (typeof passed !== 'number' || passed === 0) return [];
  const reason = 'only a build runs them; --rebuild does';
  return [told(`the outcomes of ${counted(passed, 'test')}`, reason)];
}

/** Claims the places of inputs: any mirror that has the same bytes will do, and any may be named. */
function places(lock: Lock | undefined): Check[] {
  const sets = lock ? inputSets(lock) : [];
  const files = sets.flatMap(({ inputs, indexes }) => [...inputs, ...indexes]);
  const { size } = new Set(files.map(({ sha256 }) => sha256));
  if (size === 0) return [];
  const reason = 'the bytes are the same wherever they came from; only the builder saw where';
  return [word(`the mirrors that ${counted(size, 'locked file')} came from`, reason)];
}

function steps(provenance: JsonRecord): Check[] {
  const { length } = stepsIn(provenance);
  if (length === 0) return [];
  return [
    told(`the results of ${counted(length, 'step')}`, 'only a build runs them; --rebuild does'),
  ];
}

function compressed(provenance: JsonRecord): Check[] {
  const forms = recordedCompressions(provenance);
  if (forms.length === 0) return [];
  const reason = 'only a build compresses; --rebuild does';
  return [told(`that layers compressed with ${forms.join(' and ')} are this build's`, reason)];
}

/** Lists what stands in lock and provenance and no comparison can bear out. */
export function claimedAlone(provenance: JsonRecord, lock: Lock | undefined): Check[] {
  const { runDetails, buildDefinition } = record(provenance.predicate);
  const [results] = list(record(runDetails).byproducts);
  const { allow } = record(record(buildDefinition).externalParameters);
  const options = list(allow).length > 0 ? `, --allow ${list(allow).join(', ')}` : '';
  const builder = `the builder: mkbase ${versionIn(provenance)}${options}`;
  return [
    ...outcomes(results),
    ...steps(provenance),
    ...compressed(provenance),
    ...places(lock),
    told(builder, 'it speaks for itself'),
  ];
}
