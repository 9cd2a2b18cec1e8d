import type { Environment } from '../ui/color.ts';
import type { Screen } from '../ui/screen.ts';

/** What every command is given of the world. A command resolves to the process's exit code. */
export interface CommandContext {
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: Environment;
  /** Aborts, with an INTERRUPTED error as its reason, when the process is asked to stop. */
  readonly signal: AbortSignal;
}
