"""What a prehospital form asks a crew to tick, and what crews write."""

from __future__ import annotations

AGENCIES = ("Harmon County EMS", "Millbrook Vol. Ambulance Corps", "Ashby Fire Rescue", "Cedar Bluff Fire Dept")
PLACES = ("Residence", "Health facility", "Roadway", "Public place / other")
TIMES = (
    ("CALL REC'D", (0, 1)),
    ("ENROUTE", (1, 3)),
    ("ARRIVED AT SCENE", (4, 12)),
    ("FROM SCENE", (9, 25)),
    ("AT DESTINATION", (6, 24)),
    ("IN SERVICE", (12, 40)),
)
PRESENTING = (
    "Airway obstruction",
    "Respiratory distress",
    "Cardiac related",
    "Syncope",
    "Stroke / CVA",
    "General illness",
    "Trauma - blunt",
    "Fracture / disloc.",
    "Allergic reaction",
    "Abdominal pain",
    "Seizure",
    "Other",
)
PAST = (
    "None",
    "Allergy to:",
    "Hypertension",
    "Stroke",
    "Seizures",
    "Diabetes",
    "COPD",
    "Cardiac",
    "Asthma",
    "Renal",
    "Cancer",
    "Other (list)",
)
FINDINGS = (
    "pt found seated in chair, alert, states sx began approx 2 hrs PTA",
    "denies LOC, denies neck or back pain. no N/V at this time",
    "family on scene states pt not acting right since this am",
    "lungs clear bilat, abd soft non tender, PMS x 4 ext",
    "pt ambulatory to stretcher with assist x 1, secured x 3 straps",
    "no obvious trauma noted. pupils PERRL. skin warm and dry",
    "O2 via NC 2 lpm, improved enroute. transported without incident",
    "pain 6/10, non radiating, worse with movement",
)
DONE = (
    "Moved to ambulance on stretcher",
    "Oxygen administered",
    "EKG monitored",
    "IV established",
    "Airway cleared",
    "Medication administered",
    "Immobilization / splint",
    "Bleeding controlled",
    "Blood glucose checked",
    "Vital signs only",
    "Restraints applied",
    "Other",
)
