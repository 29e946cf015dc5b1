/** The message broker, when no other is given. */
import { startBroker } from '../broker/broker.ts';
import { runProcess } from '../base/run-process.ts';
import { port } from '../base/settings.ts';

await runProcess(() => startBroker({ port: port() }));
