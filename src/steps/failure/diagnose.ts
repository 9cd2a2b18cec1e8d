import type { Diagnosis } from '../../engines/step.ts';
import { buildSystems } from './build-systems.ts';
import type { Cause, FailedBuild } from './cause.ts';
import { errorFinder, type FoundError } from './first-error.ts';
import { language } from './language.ts';
import { missingHeaders } from './missing-headers.ts';
import { missingLibraries } from './missing-libraries.ts';
import { missingScripts } from './missing-scripts.ts';
import { missingTools } from './missing-tools.ts';
import { undefinedReferences } from './undefined-references.ts';

/** Every class of failures that can be told by a line; the first that has a cure for a line counts. */
const causes: readonly Cause[] = [
  ...missingScripts,
  ...missingHeaders,
  ...missingLibraries,
  ...undefinedReferences,
  ...missingTools,
  ...language,
  ...buildSystems,
];

async function cureOf(line: string, build: FailedBuild): Promise<string | undefined> {
  for (const { pattern, cure } of causes) {
    const match = pattern.exec(line);
    const hint = match && (await cure(match.slice(1), build, line));
    if (hint) return hint;
  }
  return undefined;
}

/** Returns the hint for an error: by its own line, else by the nearest of those around it. */
async function cureFor({ line, before, after }: FoundError, build: FailedBuild) {
  for (const each of [line, ...after, ...[...before].reverse()]) {
    const hint = await cureOf(each, build);
    if (hint !== undefined) return hint;
  }
  return undefined;
}

/**
 * Opens the diagnosis of a step: it keeps the first error of its log and, where a build is given, knows the cure
 * of many.
 */
export function diagnose(build?: FailedBuild): Diagnosis {
  const { take, found } = errorFinder();
  return {
    take,
    async read() {
      const error = found();
      if (error === undefined) return undefined;
      const hint = build && (await cureFor(error, build));
      return { ...error, ...(hint !== undefined && { hint }) };
    },
  };
}
