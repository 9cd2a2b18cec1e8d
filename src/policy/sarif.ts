import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Json } from '../base/canonical-json.ts';
import { sha256OfBytes } from '../base/hash.ts';
import { packageVersion } from '../base/package-root.ts';
import type { Finding } from './finding.ts';
import type { Policy } from './load.ts';
import { type RuleName, ruleSchemas } from './schema.ts';

/** The recipe beside which findings are shown, and its image. */
export interface SarifPlace {
  /** Path from the folder of the source code. */
  readonly recipe: string;
  /** Name of the image, for instance the recipe's. */
  readonly image: string;
}

const schema =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Returns a path as a relative URI reference (RFC 3986), an absolute one as a file URL. */
const uriOf = (path: string): string =>
  isAbsolute(path) ? pathToFileURL(path).href : path.split('/').map(encodeURIComponent).join('/');

/**
 * Escapes braces, which would be placeholders, and brackets, which would be links (SARIF 2.1.0, 3.11.5 and
 * 3.11.6). A path may hold any of them, as coreutils' `[` does.
 */
const plain = (text: string): string =>
  text.replace(/[{}]/g, (brace) => brace + brace).replace(/[[\]\\]/g, '\\$&');

const ruleNames = (policy: Policy): RuleName[] => Object.keys(policy.rules) as RuleName[];

const help =
  'Each finding says what to do about it. Where it is fine as it is, a policy of your own that extends this one names it with the reason.';

/** Describes a rule; GitHub's code scanning refuses one without `fullDescription` and `help`. */
function ruleDescriptor(rule: RuleName, policy: Policy): Json {
  const { level = 'error', reason } = policy.rules[rule] ?? {};
  const description = ruleSchemas[rule].description ?? rule;
  const why = reason === undefined ? '' : ` Why: ${reason}.`;
  return {
    id: rule,
    shortDescription: { text: description },
    fullDescription: { text: plain(`${description}${why}`) },
    help: { text: help },
    defaultConfiguration: { level },
  };
}

/** Returns a digest that stays the same from run to run, so that code hosts recognise a finding. */
const fingerprint = ({ rule, kind, subject = '' }: Finding, { image }: SarifPlace): string =>
  sha256OfBytes(JSON.stringify([image, rule, kind, subject]));

function result(finding: Finding, policy: Policy, place: SarifPlace): Json {
  const { rule, level, message, remedy, subject, kind } = finding;
  return {
    ruleId: rule,
    ruleIndex: ruleNames(policy).indexOf(rule),
    level,
    message: { text: plain(`${message} ${remedy}`) },
    locations: [
      {
        // The repository has no path of the image; the recipe is the file to edit.
        physicalLocation: {
          artifactLocation: { uri: uriOf(place.recipe) },
          region: { startLine: 1 },
        },
        logicalLocations: [{ fullyQualifiedName: subject ?? place.image, kind }],
      },
    ],
    partialFingerprints: { 'mkbase/v1': fingerprint(finding, place) },
  };
}

/**
 * Writes findings as a SARIF 2.1.0 log (OASIS, Static Analysis Results Interchange Format), which code
 * hosts show beside the recipe. It names no time and no machine: the same findings give the same log.
 */
export function sarif(findings: readonly Finding[], policy: Policy, place: SarifPlace) {
  return {
    $schema: schema,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mkbase',
            semanticVersion: packageVersion,
            rules: ruleNames(policy).map((rule) => ruleDescriptor(rule, policy)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, policy, place)),
      },
    ],
  } as const;
}
