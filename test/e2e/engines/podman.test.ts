import { describe } from 'vitest';
import { stepContract } from './contract.ts';

describe('the podman engine', () => stepContract('podman'));
