import { documentRules } from './en-document.js'
import { totalRules } from './en-totals.js'
import { vatRules as standardVatRules } from './en-vat.js'
import { addressRules } from './ksa-addresses.js'
import { advanceRules } from './ksa-advances.js'
import { chainRules } from './ksa-chain.js'
import { chargeRules } from './ksa-charges.js'
import { headerRules } from './ksa-header.js'
import { lineRules } from './ksa-lines.js'
import { partyRules } from './ksa-parties.js'
import { vatRules } from './ksa-vat.js'
import type { Rule } from './rule.js'

/** Every assert of ZATCA's rule set R3.4.8, by its id. An assert that stands there several times is one rule here. */
export const RULES: readonly Rule[] = [
  ...[...headerRules, ...chainRules, ...partyRules, ...addressRules, ...chargeRules, ...lineRules],
  ...[...advanceRules, ...vatRules],
  ...[...documentRules, ...totalRules, ...standardVatRules],
]
