CREATE FUNCTION public.audit_refuses() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ begin raise exception 'the audit log is append-only' using errcode = 'integrity_constraint_violation'; end $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.audit (
    seq integer NOT NULL,
    at character varying NOT NULL,
    actor character varying NOT NULL,
    os_account character varying NOT NULL,
    action character varying NOT NULL,
    details text NOT NULL,
    prev_hash character varying(64) NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE TABLE public.decisions (
    id character varying(16) NOT NULL,
    item_id character varying(16) NOT NULL,
    association character varying NOT NULL,
    source character varying NOT NULL,
    content character varying NOT NULL,
    occurrence integer NOT NULL,
    rule character varying NOT NULL,
    kind character varying NOT NULL,
    "column" character varying NOT NULL,
    value_ref character varying NOT NULL,
    reason_code character varying NOT NULL,
    expires_on date,
    by character varying NOT NULL,
    os_account character varying NOT NULL,
    decided_on date NOT NULL,
    decided_at timestamp without time zone NOT NULL,
    withdrawn_on date,
    withdrawn_by character varying
);
CREATE TABLE public.deliveries (
    id integer NOT NULL,
    association character varying NOT NULL,
    source character varying NOT NULL,
    path character varying NOT NULL,
    sha256 character varying(64) NOT NULL,
    delivered_on date NOT NULL,
    first_seen timestamp without time zone NOT NULL,
    size integer NOT NULL,
    sequence integer NOT NULL
);
CREATE SEQUENCE public.deliveries_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deliveries_id_seq OWNED BY public.deliveries.id;
CREATE TABLE public.findings (
    item_id character varying(16) NOT NULL,
    association character varying NOT NULL,
    source character varying NOT NULL,
    path character varying NOT NULL,
    sha256 character varying(64) NOT NULL,
    sheet character varying,
    "row" integer,
    rule character varying NOT NULL,
    severity character varying(1) NOT NULL,
    "column" character varying NOT NULL,
    message text NOT NULL,
    status character varying NOT NULL,
    content character varying NOT NULL,
    occurrence integer NOT NULL,
    first_seen_run character varying NOT NULL
);
CREATE TABLE public.runs (
    id character varying NOT NULL,
    association character varying NOT NULL,
    started timestamp without time zone NOT NULL,
    ended timestamp without time zone,
    outcome character varying
);
CREATE TABLE public.schema_version (
    version integer NOT NULL
);
ALTER TABLE ONLY public.deliveries ALTER COLUMN id SET DEFAULT nextval('public.deliveries_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0002');
INSERT INTO public.audit VALUES (1, '2025-07-10T04:30:00+00:00', 'AB', 'root', 'decide', '{"id": "00ff"}', '0000000000000000000000000000000000000000000000000000000000000000', 'ec9acd620c425b1de787509ce3ee8148aa0ce669298caf25192477bf6a15724a');
INSERT INTO public.audit VALUES (2, '2025-07-10T04:30:00+00:00', 'AB', 'root', 'withdraw', '{"id": "00ff"}', 'ec9acd620c425b1de787509ce3ee8148aa0ce669298caf25192477bf6a15724a', '8c49e589c2a2ec550ab122fad840c7b57c39c85a30c27aec10da24a6e638afbc');
INSERT INTO public.decisions VALUES ('E', 'E', 'E', 'E', 'E', 1, 'E', 'E', 'E', 'E', 'E', NULL, 'E', 'E', '2025-07-10', '2025-07-10 04:30:00', NULL, NULL);
INSERT INTO public.deliveries VALUES (1, 'E', 'E', 'E', 'E', '2025-07-10', '2025-07-10 04:30:00', 1, 1);
INSERT INTO public.findings VALUES ('E', 'E', 'E', 'E', 'E', NULL, NULL, 'E', 'E', 'E', 'E', 'E', 'E', 1, 'E');
INSERT INTO public.runs VALUES ('E', 'E', '2025-07-10 04:30:00', NULL, NULL);
INSERT INTO public.schema_version VALUES (2);
SELECT pg_catalog.setval('public.deliveries_id_seq', 1, false);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);
ALTER TABLE ONLY public.decisions
    ADD CONSTRAINT decisions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_path_sequence_key UNIQUE (path, sequence);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.findings
    ADD CONSTRAINT findings_pkey PRIMARY KEY (item_id);
ALTER TABLE ONLY public.runs
    ADD CONSTRAINT runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
CREATE INDEX decisions_by_association ON public.decisions USING btree (association);
CREATE INDEX decisions_by_content ON public.decisions USING btree (content);
CREATE INDEX deliveries_by_association ON public.deliveries USING btree (association);
CREATE INDEX findings_by_association ON public.findings USING btree (association, status);
CREATE INDEX runs_by_association ON public.runs USING btree (association, started);
CREATE TRIGGER audit_refuses BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuses();
