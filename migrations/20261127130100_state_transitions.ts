import type { Knex } from 'knex'

/** The moves each machine may make. The code has the same tables; a test holds the two together. */
const MOVES = {
  orders: `
    PENDING > PAID, PENDING > CANCELLED, PENDING > EXPIRED,
    PAID > PROCESSING, PAID > CANCELLED,
    PROCESSING > SHIPPED, PROCESSING > CANCELLED,
    SHIPPED > DELIVERED,
    CANCELLED > PAID, CANCELLED > REFUNDED,
    EXPIRED > PAID`,
  payments: `
    INITIATED > PENDING, INITIATED > AUTHORIZED, INITIATED > CAPTURED, INITIATED > FAILED, INITIATED > VOIDED,
    INITIATED > UNDER_REVIEW,
    PENDING > AUTHORIZED, PENDING > CAPTURED, PENDING > FAILED, PENDING > VOIDED, PENDING > UNDER_REVIEW,
    AUTHORIZED > CAPTURED, AUTHORIZED > FAILED, AUTHORIZED > VOIDED, AUTHORIZED > UNDER_REVIEW,
    FAILED > CAPTURED, FAILED > UNDER_REVIEW,
    VOIDED > CAPTURED, VOIDED > UNDER_REVIEW,
    UNDER_REVIEW > CAPTURED, UNDER_REVIEW > FAILED, UNDER_REVIEW > VOIDED,
    CAPTURED > PARTIALLY_REFUNDED, CAPTURED > REFUNDED,
    PARTIALLY_REFUNDED > REFUNDED`,
  refunds: `
    REQUESTED > PENDING, REQUESTED > REFUNDED, REQUESTED > FAILED,
    PENDING > REFUNDED, PENDING > FAILED,
    FAILED > PENDING, FAILED > REFUNDED`,
}

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function refuse_transition() returns trigger language plpgsql as $$
    begin
      if (old.status || ' > ' || new.status) = any (string_to_array(tg_argv[0], ', ')) then
        return new;
      end if;
      raise exception '% cannot go from % to %', tg_table_name, old.status, new.status
        using errcode = 'check_violation', constraint = tg_table_name || '_transition', table = tg_table_name;
    end $$`)
  for (const [table, moves] of Object.entries(MOVES)) {
    await db.raw(`
      create trigger ${table}_transition before update of status on ${table}
        for each row when (old.status is distinct from new.status)
        execute function refuse_transition('${moves.trim().replace(/,\s+/g, ', ')}')`)
  }
}

export async function down(db: Knex): Promise<void> {
  for (const table of Object.keys(MOVES)) await db.raw(`drop trigger ${table}_transition on ${table}`)
  await db.raw('drop function refuse_transition()')
}
