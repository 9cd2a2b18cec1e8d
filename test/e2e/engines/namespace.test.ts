import { describe } from 'vitest';
import { stepContract } from './contract.ts';

describe('the namespace engine', () => stepContract('namespace'));

describe('the namespace engine of an ordinary user', () =>
  stepContract('namespace', { unprivileged: true }));
