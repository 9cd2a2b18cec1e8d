import { namesOf } from './names-of.ts';

export const stageName = namesOf({
  lock: 1,
  fetch: 2,
  toolchain: 3,
  build: 4,
  rootfs: 5,
  image: 6,
  test: 7,
  evidence: 8,
  push: 9,
});
export type Stage = keyof typeof stageName;

/** The stages of a build in their order; every event belongs to one. */
export const stages: readonly Stage[] = Object.values(stageName);

/** Something a person should know though the build goes on; listed again in the summary. */
export interface Warning {
  /** Stable word for machines, for instance `static-nss`. */
  readonly code: string;
  readonly message: string;
  /** The remedy. */
  readonly advice?: string;
}

/** Something that happens during a build. */
type Happening =
  | { readonly type: 'stage-start'; readonly stage: Stage; readonly title: string }
  | { readonly type: 'stage-done'; readonly stage: Stage; readonly detail?: string }
  | { readonly type: 'stage-skip'; readonly stage: Stage; readonly reason: string }
  /** `done` and `total` in bytes; `item` is what moves, for instance a file name. */
  | {
      readonly type: 'progress';
      readonly stage: Stage;
      readonly done: number;
      readonly total?: number;
      readonly item?: string;
    }
  /** One line of a tool's own output, without its newline. */
  | { readonly type: 'log'; readonly stage: Stage; readonly line: string }
  | { readonly type: 'warning'; readonly stage: Stage; readonly warning: Warning };

/**
 * Everything that happens during a build; `build` names it where several go on at once. Only `ui/` turns
 * events into output.
 */
export type Event = Happening & { readonly build?: string };

/** Reports an event. */
export type Emit = (event: Event) => void;

/** Given to every stage that does input or output: reports its events and tells it to stop. */
export interface Io {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}
