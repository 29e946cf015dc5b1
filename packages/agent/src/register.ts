import { start } from './start.ts';

// The whole entry: `node --import @sonde/agent/register` or `--require`. No await at the top level, so that `require` can load it.
start(process.env);
