BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	os_account VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	details TEXT NOT NULL, 
	prev_hash VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (seq)
);
INSERT INTO "audit" VALUES(1,'2025-07-10T04:30:00+00:00','AB','root','decide','{"id": "00ff"}','0000000000000000000000000000000000000000000000000000000000000000','ec9acd620c425b1de787509ce3ee8148aa0ce669298caf25192477bf6a15724a');
INSERT INTO "audit" VALUES(2,'2025-07-10T04:30:00+00:00','AB','root','withdraw','{"id": "00ff"}','ec9acd620c425b1de787509ce3ee8148aa0ce669298caf25192477bf6a15724a','8c49e589c2a2ec550ab122fad840c7b57c39c85a30c27aec10da24a6e638afbc');
CREATE TABLE decisions (
	id VARCHAR(16) NOT NULL, 
	item_id VARCHAR(16) NOT NULL, 
	association VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	occurrence INTEGER NOT NULL, 
	rule VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	"column" VARCHAR NOT NULL, 
	value_ref VARCHAR NOT NULL, 
	reason_code VARCHAR NOT NULL, 
	expires_on DATE, 
	"by" VARCHAR NOT NULL, 
	os_account VARCHAR NOT NULL, 
	decided_on DATE NOT NULL, 
	decided_at DATETIME NOT NULL, 
	withdrawn_on DATE, 
	withdrawn_by VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "decisions" VALUES('E','E','E','E','E',1,'E','E','E','E','E',NULL,'E','E','2025-07-10','2025-07-10 04:30:00.000000',NULL,NULL);
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	association VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	delivered_on DATE NOT NULL, 
	first_seen DATETIME NOT NULL, 
	size INTEGER NOT NULL, 
	sequence INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (path, sequence)
);
INSERT INTO "deliveries" VALUES(1,'E','E','E','E','2025-07-10','2025-07-10 04:30:00.000000',1,1);
CREATE TABLE findings (
	item_id VARCHAR(16) NOT NULL, 
	association VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	sheet VARCHAR, 
	"row" INTEGER, 
	rule VARCHAR NOT NULL, 
	severity VARCHAR(1) NOT NULL, 
	"column" VARCHAR NOT NULL, 
	message TEXT NOT NULL, 
	status VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	occurrence INTEGER NOT NULL, 
	first_seen_run VARCHAR NOT NULL, 
	PRIMARY KEY (item_id)
);
INSERT INTO "findings" VALUES('E','E','E','E','E',NULL,NULL,'E','E','E','E','E','E',1,'E');
CREATE TABLE runs (
	id VARCHAR NOT NULL, 
	association VARCHAR NOT NULL, 
	started DATETIME NOT NULL, 
	ended DATETIME, 
	outcome VARCHAR, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES('E','E','2025-07-10 04:30:00.000000',NULL,NULL);
CREATE TABLE schema_version (
	version INTEGER NOT NULL, 
	PRIMARY KEY (version)
);
INSERT INTO "schema_version" VALUES(2);
CREATE INDEX deliveries_by_association ON deliveries (association);
CREATE INDEX findings_by_association ON findings (association, status);
CREATE INDEX decisions_by_association ON decisions (association);
CREATE INDEX decisions_by_content ON decisions (content);
CREATE TRIGGER audit_refuses_update before update on audit begin select raise(abort, 'the audit log is append-only'); end;
CREATE TRIGGER audit_refuses_delete before delete on audit begin select raise(abort, 'the audit log is append-only'); end;
CREATE INDEX runs_by_association ON runs (association, started);
COMMIT;
