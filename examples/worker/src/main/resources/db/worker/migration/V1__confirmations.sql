-- Without a unique constraint on order_id: that an order is confirmed once is what the inbox is for.
CREATE TABLE IF NOT EXISTS confirmation (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id BIGINT NOT NULL,
    customer VARCHAR(100) NOT NULL,
    total DECIMAL(12, 2) NOT NULL
);
CREATE INDEX IF NOT EXISTS confirmation_by_order ON confirmation (order_id);
