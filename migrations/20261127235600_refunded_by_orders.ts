import type { Knex } from 'knex'

/**
 * A worker of the release before takes a second capture's refund for the order's money when it hears of it. It writes the
 * refund first and then the sum of the payment, which is refused here: the event comes again, to a worker that knows better.
 */
export async function up(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    create function refuse_refunded() returns trigger language plpgsql as $$
    begin
      if new.refunded_halalas <= (
        select coalesce(sum(amount_halalas), 0) from refunds
        where payment_id = new.id and order_id is not null and status = 'REFUNDED'
      ) then
        return new;
      end if;
      raise exception 'payment % cannot have % halalas back: the refunds of its orders come to less',
        new.id, new.refunded_halalas
        using errcode = 'check_violation', constraint = 'payments_refunded_by_orders', table = 'payments';
    end $$;
    create trigger payments_refunded_by_orders before update of refunded_halalas on payments
      for each row when (new.refunded_halalas > old.refunded_halalas) execute function refuse_refunded();
  `)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(`
    set local lock_timeout = '10s';
    drop trigger payments_refunded_by_orders on payments;
    drop function refuse_refunded();
  `)
}
