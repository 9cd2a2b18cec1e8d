/** The limits that a program ran into, as the kernel counted. */
export interface Overrun {
  /** A process was ended for the memory that all had taken. */
  readonly memory: boolean;
  /** One process more was refused. */
  readonly processes: boolean;
}

/** The limits that a step ran into. */
export interface StepOverrun extends Overrun {
  /** It was stopped for what it had written to its root. */
  readonly disk?: boolean;
}

export const noOverrun: Overrun = { memory: false, processes: false };
