import { describe } from 'vitest';
import { users } from '../../support/engine-subject.ts';
import { stepContract } from './contract.ts';

describe('the namespace engine', () => stepContract('namespace'));

describe('the namespace engine of an ordinary user', () =>
  stepContract('namespace', { uid: users.nameless }));
