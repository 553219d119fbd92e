package som

// The codes of rows that clients write, beside those of codes.go. Source: REST API Developer Guide, "Status Codes and
// Error Responses"; SOAP API Developer Guide, "Core Data Types", StatusCode.
const (
	// CodeWrongFieldType is for a value whose kind its field cannot hold.
	CodeWrongFieldType Code = "INVALID_TYPE_ON_FIELD_IN_RECORD"
	// CodeNumberRange is for a number with more digits than its field has.
	CodeNumberRange Code = "NUMBER_OUTSIDE_VALID_RANGE"
	// CodeInvalidEmail is for a text that is no e-mail address in a field for one.
	CodeInvalidEmail Code = "INVALID_EMAIL_ADDRESS"
	// CodeDeleted is for a row that is in the recycle bin.
	CodeDeleted Code = "ENTITY_IS_DELETED"
	// CodeDeleteFailed is for a row that others keep from being deleted.
	CodeDeleteFailed Code = "DELETE_FAILED"
	// CodeNotEditable is for an object whose rows API clients may not change or delete.
	CodeNotEditable Code = "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY"
	// CodeFailedActivation is for an order that cannot be activated as it is.
	CodeFailedActivation Code = "FAILED_ACTIVATION"
	// CodeDuplicateExternalID is for an upsert by a value that several rows have.
	CodeDuplicateExternalID Code = "DUPLICATE_EXTERNAL_ID"
	// CodeMissingArgument is for a row of a collection that lacks its id or external id.
	CodeMissingArgument Code = "MISSING_ARGUMENT"
)
