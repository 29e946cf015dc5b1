import { setFlagsFromString } from 'node:v8';

/**
 * Imported before all else. A young generation that stays at its first size is collected more often, and holds megabytes less: this process
 * works for a few milliseconds at a time, and stands beside others that need the memory.
 */
setFlagsFromString('--semi-space-growth-factor=1');
