import type { Sealer } from '../../../platform/sealer.js'
import { createSandboxAuthority } from './authority.js'
import { createSealedKeys } from './key-store.js'
import { createUnitService, type UnitDeps } from './unit-service.js'

type Options = Omit<UnitDeps, 'keys' | 'authority'> & { sealer: Sealer; sandboxUrl: string | undefined }

/** Units whose keys are in the database, encrypted; certified by the stand-in on this machine where there is one. */
export const createUnits = ({ sealer, sandboxUrl, ...deps }: Options) =>
  createUnitService({
    ...deps,
    keys: createSealedKeys(sealer),
    authority: sandboxUrl ? createSandboxAuthority(sandboxUrl) : null,
  })
