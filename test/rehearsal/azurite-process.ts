import { startAzurite } from '../../rehearsal/src/index';

/** For azurite.test.ts: starts an emulator, says where, and never stops it. */
startAzurite().then(({ blobEndpoint }) => console.log(blobEndpoint));
