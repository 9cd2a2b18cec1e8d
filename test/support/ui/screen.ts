import type { Screen } from '../../../src/ui/screen.ts';

/** A screen that keeps what is written to it. */
export interface MemoryScreen extends Screen {
  text(): string;
}

export function createScreen(properties: Partial<Screen> = {}): MemoryScreen {
  const written: string[] = [];
  return {
    ...properties,
    write: (text) => written.push(text),
    text: () => written.join(''),
  };
}
