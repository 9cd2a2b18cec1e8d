import type { Change } from './changes.ts';

/** What a check that says "claimed" or "not checked" says it of. */
interface Claim {
  /** Matches the words of the check. */
  readonly what: RegExp;
  /** Matches where a change was made. */
  readonly where: RegExp;
  /** Matches the field of the change, in the words of a report. */
  readonly field: RegExp;
}

const provenance = /^provenance\.json$|^said everywhere/;
const sboms = /^sbom\.|^said everywhere/;
const lock = /^lock\.json$|^said everywhere/;
const anyEvidence = /\.json$|^said everywhere/;

/** The meaning of the checks by which a report lists what it takes on trust. */
const claims: readonly Claim[] = [
  { what: /^the outcomes of/, where: provenance, field: /byproducts\[0\]/ },
  { what: /^the results of \d+ steps?/, where: provenance, field: /byproducts\[\d+\]/ },
  {
    what: /^the builder:/,
    where: provenance,
    field: /runDetails\.builder|Parameters\.(?:allow|test)/,
  },
  {
    what: /^the objects that programs/,
    where: sboms,
    field: /occurrences|relationships|dependencies/,
  },
  {
    what: /^licences and owners of paths/,
    where: sboms,
    field: /licen|copyright|occurrences|relationships/i,
  },
  {
    what: /^lock\.json and provenance\.json against/,
    where: provenance,
    field: /recipe|resolvedDependencies/,
  },
  { what: /^lock\.json and provenance\.json against/, where: lock, field: /asked/ },
  {
    what: /^the mirrors that/,
    where: anyEvidence,
    field: /mirror|url$|uri$|downloadLocation|externalRef|index$/i,
  },
  { what: /^the bytes of \d+ files? (?:that|by)/, where: /^layer and its hashes$/, field: /^/ },
  { what: /^the bytes of \d+ files? against/, where: /^layer and its hashes$/, field: /^/ },
  {
    what: /^the signatures in trust/,
    where: /^trust|^said everywhere/,
    field: /^$|^what no|^trust/,
  },
  // The digest of a locked input stands in a bill of materials and a provenance as well.
  {
    what: /^the locked inputs against what is signed/,
    where: lock,
    field: /packages|indexes|hashes|checksums|digest/,
  },
];

/** Tells whether a check says that it takes on trust what was changed. */
export const isClaimed = (what: string, { where, field }: Change): boolean =>
  claims.some((each) => each.what.test(what) && each.where.test(where) && each.field.test(field));
